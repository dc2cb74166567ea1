package dev.realtime.channel;

/**
 * Options of channels break a rule. The message says what happened, why, and what to do; the first two are
 * {@link #description()}, the last is {@link #action()}.
 */
public class InvalidChannelOptionsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String property;

    private final String description;

    private final String action;

    /**
     * @param property path of the property that breaks the rule
     * @param description what happened and why
     * @param action what to do
     */
    public InvalidChannelOptionsException(String property, String description, String action) {
        super(description + " " + action);
        this.property = property;
        this.description = description;
        this.action = action;
    }

    /** Path of the property that breaks the rule, such as {@code realtime.channel.namespaces.chat.history-size}. */
    public String property() {
        return property;
    }

    /** What happened and why. */
    public String description() {
        return description;
    }

    /** What to do. */
    public String action() {
        return action;
    }
}
