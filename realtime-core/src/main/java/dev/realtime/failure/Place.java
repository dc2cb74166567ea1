package dev.realtime.failure;

import org.slf4j.event.Level;

/**
 * Places at which something may fail that the rest of the server has to survive: calls of the application, of an engine
 * or of a transport, allocations of a delivery, and everything that runs as a task or by a timer. Each failure is
 * logged with its place. A test throws at each of them, so a new place needs a case there.
 */
public enum Place {
    /** One subscriber is handed a publication, a join or leave, the top of the stream or the news of a loss. */
    DELIVERY("Delivering to", "its connection ends"),
    /** A push is encoded for all subscribers of a channel. */
    ENCODING("Encoding for the subscribers of", "positioned subscribers recover, all others miss it"),
    /** Frames of publications in a row are joined into one buffer. */
    JOINING("Joining frames for the subscribers of", "they are written one by one"),
    /** Deliveries of one channel on one executor are queued or taken from the queue. */
    FAN_OUT("Handing over deliveries to", "positioned subscribers recover, all others miss them"),
    /** A connection is registered. */
    ACCEPT("Accepting", "its connection ends"),
    /** A command of a client, or what the server does to a client in turn. */
    COMMAND("A command of", "its connection ends"),
    /** The result that a command waited for is processed. */
    ANSWER("Continuing a command of", "its connection ends"),
    /** The application or the engine fails in a command. */
    QUESTION("Answering a command of", "the client receives an error and may retry"),
    /** Something outside acts on a connection. */
    CONTROL("Acting on", "its connection ends"),
    /** A timer of a connection. */
    TIMER("A timer of", "its connection ends"),
    /** Queued frames of a connection are handed to its socket. */
    FLUSH("Flushing", "its connection ends"),
    /** Bytes that slow clients leave queued are added up. */
    QUEUE_CHECK("Checking the queues of slow clients of", "they are checked again"),
    /** The transport of a connection is closed. */
    CLOSE("Closing the transport of", "its socket may stay open until the client leaves"),
    /** One step of ending a connection or a subscription. */
    CLEAN_UP("Ending", "the remaining steps are still performed"),
    /** A lifecycle hook is notified. */
    LIFECYCLE_HOOK("Notifying the application of", "it misses this event"),
    /** What the application publishes to one subscriber alone. */
    FEED("Delivering what the application publishes to", "its connection ends"),
    /** The engine publishes that a client joined. */
    JOIN("Publishing the join of", "it is lost", Level.DEBUG),
    /** The engine publishes that a client left. */
    LEAVE("Publishing the leave of", "it is lost", Level.DEBUG),
    /** The engine removes a presence entry. */
    PRESENCE_REMOVAL("Removing the presence of", "it stays until it expires", Level.DEBUG),
    /** The engine refreshes the presence entries of one executor. */
    PRESENCE_REFRESH("Refreshing presence in", "clients may vanish from it until the next refresh"),
    /** What a committed transaction publishes is published. */
    AFTER_COMMIT("Publishing what a transaction committed into", "its subscribers do not receive it", Level.ERROR),
    /** The engine subscribes to a channel. */
    ENGINE_SUBSCRIBE("Subscribing the engine to", "clients receive an error and may retry"),
    /** The engine unsubscribes from a channel. */
    ENGINE_UNSUBSCRIBE("Unsubscribing the engine from", "it may deliver publications without subscribers"),
    /** A subscriber that waits for the engine to be subscribed is notified. */
    ENGINE_SUBSCRIBED("Notifying a subscriber of", "the others are still notified"),
    /** The engine is notified that a channel is occupied or vacated. */
    OCCUPANCY("Notifying the engine of the occupancy of", "the application is not notified"),
    /** The memory engine removes what has expired. */
    SWEEP("Removing what expired from", "it is removed later"),
    /** Positions of subscribers are compared with their streams. */
    POSITION_CHECK("Checking the positions of", "they are checked again"),
    /** A listener for statistics is notified. */
    STATISTICS("Counting for", "the count is lost"),
    /** A task of an executor that owns connections. */
    EXECUTOR_TASK("A task of", "the executor continues");

    private final String what;

    private final String consequence;

    private final Level reportLevel;

    Place(String what, String consequence) {
        this(what, consequence, Level.WARN);
    }

    Place(String what, String consequence, Level reportLevel) {
        this.what = what;
        this.consequence = consequence;
        this.reportLevel = reportLevel;
    }

    /** Returns what fails, in words that are followed by a subject. */
    String what() {
        return what;
    }

    /** Returns what that means. */
    String consequence() {
        return consequence;
    }

    /**
     * Returns the level of the log line when the engine or the application reports a failure instead of throwing it.
     */
    Level reportLevel() {
        return reportLevel;
    }
}
