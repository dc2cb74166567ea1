package dev.realtime.autoconfigure.diagnostics;

import dev.realtime.failure.ConfigurationProblem;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/** Analyzer for every {@link ConfigurationProblem}, which adds the file that the property was read from. */
final class ConfigurationProblemFailureAnalyzer implements FailureAnalyzer {

    private final Environment environment;

    ConfigurationProblemFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationProblem problem) {
                return new FailureAnalysis(problem.description() + origin(problem.property()), problem.action(), cause);
            }
        }
        return null;
    }

    /** Returns a sentence about the origin after a line break, or nothing if the property is not set. */
    private String origin(@Nullable String property) {
        if (property == null) {
            return "";
        }
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found != null) {
                return found.getOrigin() == null
                        ? ""
                        : "%n%n`%s` was read from %s.".formatted(property, found.getOrigin());
            }
        }
        return "";
    }
}
