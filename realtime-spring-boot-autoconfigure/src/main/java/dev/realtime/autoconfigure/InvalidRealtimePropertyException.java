package dev.realtime.autoconfigure;

/**
 * A {@code realtime.*} property has a value the server cannot work with, alone or beside another property. Its message
 * has three parts: what is set, why that is a mistake, and what to do.
 */
public final class InvalidRealtimePropertyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String property;

    private final String description;

    private final String action;

    /**
     * @param property the one to correct, in kebab-case
     * @param description what is set and why that is a mistake, in a sentence
     * @param action what to do, in a sentence
     */
    public InvalidRealtimePropertyException(String property, String description, String action) {
        super(description + " " + action);
        this.property = property;
        this.description = description;
        this.action = action;
    }

    public String property() {
        return property;
    }

    public String description() {
        return description;
    }

    public String action() {
        return action;
    }
}
