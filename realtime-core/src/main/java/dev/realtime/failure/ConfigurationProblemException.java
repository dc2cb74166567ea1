package dev.realtime.failure;

import org.jspecify.annotations.Nullable;

/**
 * Failure of a start because of a configuration that the server cannot work with. The message consists of the
 * description and the action.
 */
public class ConfigurationProblemException extends RuntimeException implements ConfigurationProblem {

    private static final long serialVersionUID = 1L;

    private final @Nullable String property;

    private final String description;

    private final String action;

    /**
     * Creates a failure.
     *
     * @param property the property to correct, in kebab-case, or {@code null} if the cause is not a property
     * @param description what is configured and why that is a mistake, as a sentence
     * @param action what to do, as a sentence
     */
    public ConfigurationProblemException(@Nullable String property, String description, String action) {
        super(description + " " + action);
        this.property = property;
        this.description = description;
        this.action = action;
    }

    @Override
    public @Nullable String property() {
        return property;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public String action() {
        return action;
    }
}
