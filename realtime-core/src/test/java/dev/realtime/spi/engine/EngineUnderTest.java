package dev.realtime.spi.engine;

import java.time.Duration;

/** What a contract needs to put an engine to the test. One is made for each test. */
public interface EngineUnderTest {

    /** Presence time-to-live the engines must be made with. */
    Duration PRESENCE_TTL = Duration.ofSeconds(2);

    /** A node, not started, of a deployment that holds nothing yet. The same at each call. */
    Engine engine();

    /** Another node of the same deployment, not started; {@link #engine()} where a node is always alone. */
    Engine another();

    /**
     * Lets time pass for both: virtual where there is a clock to move, else by waiting. Contracts ask for few seconds.
     */
    void pass(Duration time);

    /** Ends what is not the engines' own. They were stopped before. */
    default void close() {}
}
