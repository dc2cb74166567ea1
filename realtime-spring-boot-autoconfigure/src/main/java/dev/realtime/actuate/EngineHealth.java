package dev.realtime.actuate;

import java.util.Map;

/** Health of the connection of an engine to the other nodes. Must not block. */
@FunctionalInterface
public interface EngineHealth {

    /** Returns the current health. */
    State state();

    /**
     * Returns the details to show.
     *
     * @param working whether publications would arrive now
     * @param details for operators, by name; without credentials
     */
    record State(boolean working, Map<String, Object> details) {}
}
