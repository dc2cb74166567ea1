package dev.realtime.failure;

import org.jspecify.annotations.Nullable;

/** Explanation of a configuration that the server cannot work with, shown when the server does not start. */
public interface ConfigurationProblem {

    /**
     * Returns what was found and why that is a mistake.
     *
     * @return one or more sentences, which name addresses but no credentials
     */
    String description();

    /**
     * Returns what to do.
     *
     * @return one or more sentences
     */
    String action();

    /**
     * Returns the property to check first.
     *
     * @return the name of a property, which may not be set, or {@code null} if the cause is not a property
     */
    @Nullable
    String property();
}
