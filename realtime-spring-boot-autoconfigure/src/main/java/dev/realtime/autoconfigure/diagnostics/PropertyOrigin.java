package dev.realtime.autoconfigure.diagnostics;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/** Where a property of the application was set. */
final class PropertyOrigin {

    private PropertyOrigin() {}

    /** A sentence about the origin, with a line break before it; empty if it is unknown or the property is not set. */
    static String sentence(Environment environment, String property) {
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
