package dev.realtime.autoconfigure.token;

import dev.realtime.failure.ConfigurationProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * Values that are written in a property, or in a resource whose location is in the property, such as
 * {@code file:/etc/keys/realtime.pem} or {@code classpath:realtime.pem}. What it refuses never shows a value.
 */
final class ResourceText {

    private static final List<String> PREFIXES = List.of("file:", ResourceLoader.CLASSPATH_URL_PREFIX);

    private final ResourceLoader resources;

    ResourceText(ResourceLoader resources) {
        this.resources = resources;
    }

    /** Returns whether the value of a property is the location of a resource. */
    static boolean isLocation(String value) {
        return PREFIXES.stream().anyMatch(value.strip()::startsWith);
    }

    /**
     * Returns the value itself, or the text of the resource without the line break at its end.
     *
     * @throws ConfigurationProblemException if the resource cannot be read or is empty
     */
    String of(String property, String value) {
        if (!isLocation(value)) {
            return value;
        }
        String location = value.strip();
        String text;
        try {
            text = read(resources.getResource(location)).stripTrailing();
        } catch (IOException unreadable) {
            throw new ConfigurationProblemException(
                    property,
                    ("`%s` is `%s`, but that resource cannot be read: it does not exist, is a "
                                    + "directory, or may not be read by this user.")
                            .formatted(property, location),
                    "Create it, or correct the location. Relative files start at the working directory.");
        }
        if (text.isEmpty()) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is `%s`, but that resource is empty.".formatted(property, location),
                    "Write the key into it, or correct the location.");
        }
        return text;
    }

    private static String read(Resource resource) throws IOException {
        if (resource.isFile() && resource.getFile().isDirectory()) {
            throw new IOException("It is a directory.");
        }
        return resource.getContentAsString(StandardCharsets.UTF_8);
    }
}
