package dev.realtime.autoconfigure.startup;

import dev.realtime.failure.ConfigurationProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Check for properties below {@code realtime.} that nothing reads: a misspelt one leaves a guarantee or a check
 * switched off without a sign. They are logged with the nearest known name, or stop start-up with
 * {@code realtime.strict-properties}.
 *
 * <p>Properties below {@code realtime.app} belong to the application. Variables of the environment can belong to
 * others, such as {@code REALTIME_PORT}, which Kubernetes sets for a service named {@code realtime}; they are reported
 * below a group of the server, or if one or two letters differ from a known name, unless they are links to a service. A
 * property in a placeholder of another property counts as read.
 */
final class UnknownPropertiesCheck {

    static final String STRICT = "realtime.strict-properties";

    private static final Logger logger = LoggerFactory.getLogger(UnknownPropertiesCheck.class);

    private static final ConfigurationPropertyName REALTIME = ConfigurationPropertyName.of("realtime");

    private static final ConfigurationPropertyName APPLICATION = ConfigurationPropertyName.of("realtime.app");

    /** Suffixes that Kubernetes and Docker add to the name of a linked service. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            ".*\\.(service\\.(host|port)(\\..*)?|port(\\[?\\d+]?|\\.)*((tcp|udp|sctp)(\\..*)?)?|env\\..*|name)");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^:}]+)");

    /** Maximum number of letters that differ in a variable of the environment that counts as misspelt. */
    private static final int MAX_MISSPELT = 2;

    private final KnownProperties known = new KnownProperties();

    private final Map<String, String> found = new TreeMap<>();

    private final Environment environment;

    /** Letters of the names in placeholders; {@code null} until they are needed. */
    private @Nullable Set<String> placeholders;

    private UnknownPropertiesCheck(Environment environment) {
        this.environment = environment;
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                boolean variables = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
                iterable.stream()
                        .filter(REALTIME::isAncestorOf)
                        .filter(name -> !name.equals(APPLICATION) && !APPLICATION.isAncestorOf(name))
                        .forEach(name -> check(iterable, name, variables));
            }
        }
    }

    /**
     * Reports properties that nothing reads.
     *
     * @throws ConfigurationProblemException if there is any and {@code realtime.strict-properties} is on
     */
    static void check(Environment environment) {
        List<String> found = List.copyOf(new UnknownPropertiesCheck(environment).found.values());
        if (found.isEmpty()) {
            return;
        }
        if (environment.getProperty(STRICT, Boolean.class, false)) {
            throw new ConfigurationProblemException(
                    STRICT,
                    "Nothing reads these properties, and `%s` is on:%n%n    %s"
                            .formatted(STRICT, String.join("%n    ".formatted(), found)),
                    "Correct or remove them. Properties of the application itself can be below `realtime.app`.");
        }
        found.forEach(property -> logger.warn("Nothing reads the property {}", property));
    }

    private void check(IterableConfigurationPropertySource source, ConfigurationPropertyName name, boolean variable) {
        ConfigurationProperty property = source.getConfigurationProperty(name);
        boolean empty = property == null || property.getValue().toString().isEmpty();
        if (known.reads(name, variable, empty) || placeholders().contains(letters(name.toString()))) {
            return;
        }
        String nearest = nearest(name);
        if (variable && !isOurs(name, nearest)) {
            return;
        }
        found.put(
                name.toString(),
                "`%s`%s. Did you mean `%s`?"
                        .formatted(
                                name,
                                property == null || property.getOrigin() == null
                                        ? ""
                                        : " (" + property.getOrigin() + ")",
                                nearest));
    }

    /** Returns the names in placeholders of other properties, such as {@code ${REALTIME_REDIS_URL}}. */
    private Set<String> placeholders() {
        if (placeholders == null) {
            placeholders = new HashSet<>();
            for (PropertySource<?> source : ((ConfigurableEnvironment) environment).getPropertySources()) {
                if (source instanceof EnumerablePropertySource<?> enumerable) {
                    for (String name : enumerable.getPropertyNames()) {
                        PLACEHOLDER
                                .matcher(String.valueOf(enumerable.getProperty(name)))
                                .results()
                                .forEach(found -> placeholders.add(letters(found.group(1))));
                    }
                }
            }
        }
        return placeholders;
    }

    private boolean isOurs(ConfigurationPropertyName variable, String nearest) {
        String text = variable.toString();
        if (SERVICE_LINK.matcher(text).matches()) {
            return false;
        }
        String first = variable.getElement(1, Form.UNIFORM);
        boolean inGroup = known.hasGroup(first)
                || variable.getNumberOfElements() > 2 && known.hasGroup(first + variable.getElement(2, Form.UNIFORM));
        return inGroup || distance(letters(text), letters(nearest)) <= MAX_MISSPELT;
    }

    private String nearest(ConfigurationPropertyName name) {
        String letters = letters(name.toString());
        List<String> names = new ArrayList<>(known.namesLike(name));
        names.sort(Comparator.comparingInt(candidate -> distance(letters, letters(candidate))));
        return names.get(0);
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Returns the number of letters to insert, remove or change (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
