package dev.realtime.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The page of codes has a row for each code of the server and no other, and says of those alone that the server does
 * not use them.
 */
class CodesPageTests {

    private static final String UNUSED = "Not used by the server itself";

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| .+ \\|$");

    private static final String page = Repository.read(Repository.ROOT.resolve("docs/codes.md"));

    private static final JavaClasses production = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-fixtures-"))
            .importPackages("dev.realtime");

    @Test
    void errors() {
        compare(
                "Errors",
                ClientError.class,
                ClientError::code,
                error -> "| %d | %s | %s |".formatted(error.code(), error.message(), error.temporary() ? "yes" : "no"));
    }

    @Test
    void unsubscribes() {
        compare(
                "Unsubscribes",
                Unsubscribe.class,
                Unsubscribe::code,
                end -> "| %d | %s |".formatted(end.code(), end.reason()));
    }

    @Test
    void disconnects() {
        compare(
                "Disconnects",
                Disconnect.class,
                Disconnect::code,
                end -> "| %d | %s | %s |".formatted(end.code(), end.reason(), end.reconnect() ? "yes" : "no"));
    }

    private static <T> void compare(
            String section, Class<T> type, ToIntFunction<T> code, Function<T, String> beginning) {
        Map<String, String> rows = rows(section);
        Map<String, T> constants = constants(type);
        Map<String, T> codes = new TreeMap<>();
        constants.values().forEach(value -> codes.put(Integer.toString(code.applyAsInt(value)), value));
        Set<String> unused = new TreeSet<>(codes.keySet());
        used(type).forEach(name -> unused.remove(Integer.toString(code.applyAsInt(constants.get(name)))));

        assertThat(rows.keySet()).as("codes that have a row").isEqualTo(codes.keySet());
        codes.forEach((known, value) -> assertThat(rows.get(known)).startsWith(beginning.apply(value)));
        Set<String> saidToBeUnused = new TreeSet<>(rows.keySet());
        saidToBeUnused.removeIf(known -> !rows.get(known).contains(UNUSED));
        assertThat(saidToBeUnused)
                .as("codes of which the page says that the server does not use them")
                .isEqualTo(unused);
    }

    private static Map<String, String> rows(String section) {
        String text = page.split("(?m)^## " + section + "$", 2)[1].split("(?m)^## ", 2)[0];
        return ROW.matcher(text)
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(), (a, b) -> a + b, TreeMap::new));
    }

    /** Names of the constants that production code reads. */
    private static <T> Set<String> used(Class<T> type) {
        return production.stream()
                .filter(other -> !other.isEquivalentTo(type))
                .map(JavaClass::getFieldAccessesFromSelf)
                .flatMap(Set::stream)
                .map(JavaFieldAccess::getTarget)
                .filter(target -> target.getOwner().isEquivalentTo(type))
                .map(target -> target.getName())
                .collect(Collectors.toSet());
    }

    private static <T> Map<String, T> constants(Class<T> type) {
        return Arrays.stream(type.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == type)
                .collect(Collectors.toMap(Field::getName, field -> valueOf(type, field)));
    }

    private static <T> T valueOf(Class<T> type, Field field) {
        try {
            return type.cast(field.get(null));
        } catch (IllegalAccessException inaccessible) {
            throw new IllegalStateException(inaccessible);
        }
    }
}
