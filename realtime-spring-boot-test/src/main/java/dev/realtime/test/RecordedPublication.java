package dev.realtime.test;

import dev.realtime.api.PublishOptions;

/**
 * One publication of the application.
 *
 * @param channel that it went into
 * @param data as the application handed it over
 * @param options as the application gave them
 * @param timing whether it waited for a commit
 */
public record RecordedPublication(String channel, Object data, PublishOptions options, Timing timing) {

    /** Time of a publication. */
    public enum Timing {
        /** When it was published. */
        IMMEDIATELY,
        /** When the transaction was committed. */
        AFTER_COMMIT
    }

    /**
     * Returns the data as a type.
     *
     * @throws AssertionError if it is of another type
     */
    public <T> T data(Class<T> type) {
        if (!type.isInstance(data)) {
            throw new AssertionError("The data of the publication into '" + channel + "' is not a " + type.getName()
                    + " but a " + data.getClass().getName() + ": " + data);
        }
        return type.cast(data);
    }

    @Override
    public String toString() {
        return "'" + channel + "' " + (timing == Timing.AFTER_COMMIT ? "after commit" : "immediately") + ": " + data
                + (options.equals(PublishOptions.DEFAULTS) ? "" : " with " + options);
    }
}
