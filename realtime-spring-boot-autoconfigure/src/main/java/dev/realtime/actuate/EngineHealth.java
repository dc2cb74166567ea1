package dev.realtime.actuate;

import java.util.Map;

/** An engine that can tell how its way to the other nodes is. Must not block. */
@FunctionalInterface
public interface EngineHealth {

    /** How it is at this moment. */
    State state();

    /**
     * What there is to tell.
     *
     * @param working whether what is published now would arrive
     * @param details for operators, by name; without credentials
     */
    record State(boolean working, Map<String, Object> details) {}
}
