package dev.realtime.api.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Comparisons of tags, against examples and against a plain evaluation of the same rules. */
class TagsFilterTests {

    private static final Map<String, String> TAGS = Map.of("ticker", "AAPL", "price", "12.50", "empty", "");

    @Test
    void comparisonsOfText() {
        assertThat(TagsFilter.eq("ticker", "AAPL").matches(TAGS)).isTrue();
        assertThat(TagsFilter.eq("ticker", "aapl").matches(TAGS)).isFalse();
        assertThat(TagsFilter.neq("ticker", "MSFT").matches(TAGS)).isTrue();
        assertThat(TagsFilter.in("ticker", "MSFT", "AAPL").matches(TAGS)).isTrue();
        assertThat(TagsFilter.nin("ticker", List.of("MSFT", "AAPL")).matches(TAGS))
                .isFalse();
        assertThat(TagsFilter.startsWith("ticker", "AA").matches(TAGS)).isTrue();
        assertThat(TagsFilter.endsWith("ticker", "PL").matches(TAGS)).isTrue();
        assertThat(TagsFilter.contains("ticker", "AP").matches(TAGS)).isTrue();
        assertThat(TagsFilter.contains("ticker", "PA").matches(TAGS)).isFalse();
    }

    @Test
    void missingTagMatchesOnlyWhatAsksForItsAbsence() {
        assertThat(TagsFilter.nexists("side").matches(TAGS)).isTrue();
        assertThat(TagsFilter.neq("side", "buy").matches(TAGS)).isTrue();
        assertThat(TagsFilter.nin("side", "buy").matches(TAGS)).isTrue();
        assertThat(TagsFilter.in("side", "buy", "").matches(TAGS)).isTrue();
        assertThat(TagsFilter.exists("side").matches(TAGS)).isFalse();
        assertThat(TagsFilter.eq("side", "buy").matches(TAGS)).isFalse();
        assertThat(TagsFilter.gt("side", BigDecimal.ZERO).matches(TAGS)).isFalse();
        assertThat(TagsFilter.exists("empty").matches(TAGS)).isTrue();
    }

    @Test
    void operationsCombine() {
        TagsFilter apple = TagsFilter.eq("ticker", "AAPL");
        TagsFilter cheap = TagsFilter.lt("price", BigDecimal.TEN);

        assertThat(TagsFilter.and(apple, cheap).matches(TAGS)).isFalse();
        assertThat(TagsFilter.or(apple, cheap).matches(TAGS)).isTrue();
        assertThat(TagsFilter.not(cheap).matches(TAGS)).isTrue();
        assertThat(TagsFilter.and(apple, TagsFilter.not(cheap)).matches(TAGS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "12.5, 12.50, 0",
        "1, 2, -1",
        "10, 9, 1",
        "-1, 1, -1",
        "-2, -1, -1",
        "0, -0.0, 0",
        "+1, 1, 0",
        "007, 7, 0",
        "0.1, 0.09, 1",
        "-0.1, -0.09, -1",
        "123456789012345678901, 123456789012345678902, -1",
        "1.0000000000000000001, 1, 1"
    })
    void numbersAreComparedAsDecimals(String left, String right, int order) {
        Map<String, String> tags = Map.of("n", left);

        assertThat(TagsFilter.gt("n", new BigDecimal(right)).matches(tags)).isEqualTo(order > 0);
        assertThat(TagsFilter.gte("n", new BigDecimal(right)).matches(tags)).isEqualTo(order >= 0);
        assertThat(TagsFilter.lt("n", new BigDecimal(right)).matches(tags)).isEqualTo(order < 0);
        assertThat(TagsFilter.lte("n", new BigDecimal(right)).matches(tags)).isEqualTo(order <= 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "+", ".", "1.", ".5", "1e3", "0x1", "1,5", " 1", "NaN", "--1", "1.2.3", "\u0661"})
    void whatIsNoNumberMatchesNoComparisonOfNumbers(String text) {
        Map<String, String> tags = Map.of("n", text);

        assertThat(TagsFilter.lt("n", BigDecimal.TEN).matches(tags)).isFalse();
        assertThat(TagsFilter.gte("n", BigDecimal.TEN.negate()).matches(tags)).isFalse();
    }

    @Test
    void comparisonWithATextThatIsNoNumberMatchesNothing() {
        assertThat(leaf("gt", "price", "cheap").matches(TAGS)).isFalse();
        assertThat(leaf("lte", "price", "cheap").matches(TAGS)).isFalse();
    }

    private static TagsFilter leaf(String comparison, String key, String value, String... values) {
        return TagsFilter.of("", key, comparison, value, List.of(values), List.of());
    }

    @Test
    void malformedFiltersAreRefused() {
        TagsFilter good = TagsFilter.eq("a", "b");
        List<Supplier<TagsFilter>> malformed = List.of(
                () -> leaf("", "a", "b"),
                () -> leaf("and", "a", "b"),
                () -> leaf("like", "a", "b"),
                () -> leaf("eq", "", "b"),
                () -> leaf("eq", "a", ""),
                () -> leaf("eq", "a", "b", "c"),
                () -> leaf("in", "a", ""),
                () -> leaf("in", "a", "b", "c"),
                () -> leaf("nin", "", "", "c"),
                () -> leaf("ex", "a", "b"),
                () -> leaf("nex", "a", "", "b"),
                () -> TagsFilter.of("xor", "", "", "", List.of(), List.of(good)),
                () -> TagsFilter.of("eq", "", "", "", List.of(), List.of(good)),
                () -> TagsFilter.of("and", "", "", "", List.of(), List.of()),
                () -> TagsFilter.or(),
                () -> TagsFilter.of("not", "", "", "", List.of(), List.of(good, good)));

        assertThat(malformed)
                .allSatisfy(one -> assertThatThrownBy(one::get).isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void nestingIsBounded() {
        TagsFilter filter = TagsFilter.eq("a", "b");
        for (int i = 0; i < 31; i++) {
            filter = TagsFilter.not(filter);
        }
        TagsFilter deepest = filter;

        assertThat(deepest.matches(Map.of("a", "b"))).isFalse();
        assertThatThrownBy(() -> TagsFilter.not(deepest)).hasMessageContaining("32 levels");
    }

    @Test
    void filtersThatAreWrittenAlikeAreEqual() {
        assertThat(TagsFilter.and(TagsFilter.eq("a", "b"), TagsFilter.in("c", "d")))
                .isEqualTo(TagsFilter.and(TagsFilter.eq("a", "b"), TagsFilter.in("c", "d")))
                .hasSameHashCodeAs(TagsFilter.and(TagsFilter.eq("a", "b"), TagsFilter.in("c", "d")))
                .isNotEqualTo(TagsFilter.or(TagsFilter.eq("a", "b"), TagsFilter.in("c", "d")))
                .isNotEqualTo(TagsFilter.and(TagsFilter.eq("a", "b"), TagsFilter.in("c", "e")));
    }

    // ---- Against an oracle

    private static final List<String> KEYS = List.of("a", "b", "c");

    private static final List<String> VALUES =
            List.of("1", "2", "10", "-1", "1.50", "1.5", "0", "-0", "x", "xy", "yx", "+3", "", "003.10", "3.1");

    private static final List<String> COMPARISONS =
            List.of("eq", "neq", "in", "nin", "ex", "nex", "sw", "ew", "ct", "lt", "lte", "gt", "gte");

    @Test
    void randomFiltersDecideAsThePlainRulesDo() {
        Random random = new Random(20_261_201);
        int matched = 0;
        for (int i = 0; i < 100_000; i++) {
            TagsFilter filter = filter(random, 4);
            Map<String, String> tags = tags(random);

            boolean expected = expected(filter, tags);
            assertThat(filter.matches(tags)).as("%s of %s", filter, tags).isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).isBetween(20_000, 80_000);
    }

    private static <T> T one(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static Map<String, String> tags(Random random) {
        Map<String, String> tags = new HashMap<>();
        for (String key : KEYS) {
            if (random.nextInt(3) > 0) {
                tags.put(key, one(random, VALUES));
            }
        }
        return tags;
    }

    private static TagsFilter filter(Random random, int maxDepth) {
        if (maxDepth > 1 && random.nextInt(3) > 0) {
            List<TagsFilter> nodes = new ArrayList<>();
            String operation = one(random, List.of("and", "or", "not"));
            do {
                nodes.add(filter(random, maxDepth - 1));
            } while (!operation.equals("not") && random.nextBoolean());
            return TagsFilter.of(operation, "", "", "", List.of(), nodes);
        }
        String comparison = one(random, COMPARISONS);
        String key = one(random, KEYS);
        if (comparison.endsWith("in")) {
            return leaf(comparison, key, "", one(random, VALUES), one(random, VALUES));
        }
        if (comparison.endsWith("ex")) {
            return leaf(comparison, key, "");
        }
        String value = one(random, VALUES);
        return leaf(comparison, key, value.isEmpty() ? "x" : value);
    }

    private static boolean expected(TagsFilter filter, Map<String, String> tags) {
        return switch (filter.operation()) {
            case "and" -> filter.nodes().stream().allMatch(node -> expected(node, tags));
            case "or" -> filter.nodes().stream().anyMatch(node -> expected(node, tags));
            case "not" -> !expected(filter.nodes().get(0), tags);
            default -> expected(filter, tags.get(filter.key()));
        };
    }

    private static boolean expected(TagsFilter filter, @Nullable String tag) {
        String value = filter.value();
        boolean listed = filter.values().contains(tag == null ? "" : tag);
        return switch (filter.comparison()) {
            case "eq" -> tag != null && tag.equals(value);
            case "neq" -> tag == null || !tag.equals(value);
            case "in" -> listed;
            case "nin" -> !listed;
            case "ex" -> tag != null;
            case "nex" -> tag == null;
            case "sw" -> tag != null && tag.startsWith(value);
            case "ew" -> tag != null && tag.endsWith(value);
            case "ct" -> tag != null && tag.contains(value);
            case "lt" -> order(tag, value) == -1;
            case "lte" -> order(tag, value) == -1 || order(tag, value) == 0;
            case "gt" -> order(tag, value) == 1;
            default -> order(tag, value) == 1 || order(tag, value) == 0;
        };
    }

    /** Returns -1, 0 or 1, and 2 if one of them is no number. */
    private static int order(@Nullable String tag, String value) {
        try {
            return tag == null ? 2 : Integer.signum(new BigDecimal(tag).compareTo(new BigDecimal(value)));
        } catch (NumberFormatException e) {
            return 2;
        }
    }
}
