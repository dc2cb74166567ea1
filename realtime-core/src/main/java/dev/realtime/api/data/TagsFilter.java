package dev.realtime.api.data;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Condition on the tags of publications: a subscriber with a filter gets only publications whose tags match. Immutable;
 * two filters that are written alike are equal.
 *
 * <p>A tag that is missing matches {@link #neq}, {@link #nin} and {@link #nexists} and nothing else; {@code in} and
 * {@code nin} take it for an empty value. Numbers are decimals without an exponent, such as {@code -12.50}; a value
 * that is none matches no comparison of numbers.
 *
 * @see <a href="https://centrifugal.dev/docs/server/publication_filtering">Filters of Centrifugo</a>
 */
public final class TagsFilter {

    /** Deepest nesting, so that going through a filter needs little stack. */
    private static final int MAX_DEPTH = 32;

    private static final String LEAF = "";

    private enum Kind {
        EQ("eq"),
        NEQ("neq"),
        IN("in"),
        NIN("nin"),
        EX("ex"),
        NEX("nex"),
        SW("sw"),
        EW("ew"),
        CT("ct"),
        LT("lt"),
        LTE("lte"),
        GT("gt"),
        GTE("gte"),
        AND("and"),
        OR("or"),
        NOT("not");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        boolean isOperation() {
            return compareTo(AND) >= 0;
        }

        boolean takesValues() {
            return this == IN || this == NIN;
        }

        boolean takesNothing() {
            return this == EX || this == NEX;
        }

        boolean comparesNumbers() {
            return this == LT || this == LTE || this == GT || this == GTE;
        }

        static Kind of(String operation, String comparison) {
            boolean leaf = operation.equals(LEAF);
            String word = leaf ? comparison : operation;
            for (Kind kind : values()) {
                if (kind.word.equals(word) && kind.isOperation() != leaf) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(
                    "A tags filter has the unknown " + (leaf ? "comparison" : "operation") + " '" + word + "'");
        }
    }

    private final Kind kind;

    private final String key;

    private final String value;

    private final List<String> values;

    private final List<TagsFilter> nodes;

    /** The values to search in. */
    private final Set<String> searched;

    /** Whether the value can be compared with numbers. */
    private final boolean number;

    private final int depth;

    private final int hash;

    private TagsFilter(Kind kind, String key, String value, List<String> values, List<TagsFilter> nodes) {
        this.kind = kind;
        this.key = key;
        this.value = value;
        this.values = List.copyOf(values);
        this.nodes = List.copyOf(nodes);
        this.searched = Set.copyOf(values);
        this.number = kind.comparesNumbers() && DecimalText.isNumber(value);
        this.depth = 1 + this.nodes.stream().mapToInt(node -> node.depth).max().orElse(0);
        this.hash = Objects.hash(kind, key, value, this.values, this.nodes);
        check();
    }

    private void check() {
        if (kind.isOperation()) {
            require(!nodes.isEmpty(), "needs at least one operand");
            require(kind != Kind.NOT || nodes.size() == 1, "has exactly one operand");
            require(depth <= MAX_DEPTH, "is nested more than " + MAX_DEPTH + " levels deep");
        } else if (kind.takesValues()) {
            require(!key.isEmpty(), "needs a key");
            require(!values.isEmpty() && value.isEmpty(), "compares with a list of values");
        } else if (kind.takesNothing()) {
            require(value.isEmpty() && values.isEmpty(), "compares with nothing");
        } else {
            require(!key.isEmpty(), "needs a key");
            require(!value.isEmpty() && values.isEmpty(), "compares with one value, which is not empty");
        }
    }

    private void require(boolean rule, String words) {
        if (!rule) {
            throw new IllegalArgumentException("A tags filter is wrong: '" + kind.word + "' " + words);
        }
    }

    /**
     * Makes a filter of the fields that the client protocol has for it.
     *
     * @param operation empty for a comparison, else {@code and}, {@code or} or {@code not}
     * @param key tag that is compared
     * @param comparison {@code eq neq in nin ex nex sw ew ct lt lte gt gte}
     * @param value what most comparisons compare with; empty for the others
     * @param values what {@code in} and {@code nin} compare with; empty for the others
     * @param nodes operands of an operation
     * @return the filter
     * @throws IllegalArgumentException if the fields are not a filter
     */
    public static TagsFilter of(
            String operation,
            String key,
            String comparison,
            String value,
            List<String> values,
            List<TagsFilter> nodes) {
        Kind kind = Kind.of(operation, comparison);
        return kind.isOperation()
                ? new TagsFilter(kind, "", "", List.of(), nodes)
                : new TagsFilter(kind, key, value, values, List.of());
    }

    private static TagsFilter comparing(Kind kind, String key, String value) {
        return new TagsFilter(kind, key, value, List.of(), List.of());
    }

    private static TagsFilter numbers(Kind kind, String key, BigDecimal value) {
        return comparing(kind, key, value.toPlainString());
    }

    private static TagsFilter list(Kind kind, String key, Collection<String> values) {
        return new TagsFilter(kind, key, "", List.copyOf(values), List.of());
    }

    private static TagsFilter combining(Kind kind, TagsFilter... nodes) {
        return new TagsFilter(kind, "", "", List.of(), Arrays.asList(nodes));
    }

    /**
     * Matches if a tag has a value.
     *
     * @param key name of the tag
     * @param value value of the tag, not empty
     * @return the filter
     */
    public static TagsFilter eq(String key, String value) {
        return comparing(Kind.EQ, key, value);
    }

    /**
     * Matches if a tag has another value or is missing.
     *
     * @param key name of the tag
     * @param value value that the tag must not have, not empty
     * @return the filter
     */
    public static TagsFilter neq(String key, String value) {
        return comparing(Kind.NEQ, key, value);
    }

    /**
     * Matches if a tag has one of several values.
     *
     * @param key name of the tag
     * @param values values of the tag, at least one
     * @return the filter
     */
    public static TagsFilter in(String key, Collection<String> values) {
        return list(Kind.IN, key, values);
    }

    /**
     * Matches if a tag has one of several values.
     *
     * @param key name of the tag
     * @param values values of the tag, at least one
     * @return the filter
     */
    public static TagsFilter in(String key, String... values) {
        return list(Kind.IN, key, Arrays.asList(values));
    }

    /**
     * Matches if a tag has none of several values, or is missing.
     *
     * @param key name of the tag
     * @param values values that the tag must not have, at least one
     * @return the filter
     */
    public static TagsFilter nin(String key, Collection<String> values) {
        return list(Kind.NIN, key, values);
    }

    /**
     * Matches if a tag has none of several values, or is missing.
     *
     * @param key name of the tag
     * @param values values that the tag must not have, at least one
     * @return the filter
     */
    public static TagsFilter nin(String key, String... values) {
        return list(Kind.NIN, key, Arrays.asList(values));
    }

    /**
     * Matches if a tag is present.
     *
     * @param key name of the tag
     * @return the filter
     */
    public static TagsFilter exists(String key) {
        return comparing(Kind.EX, key, "");
    }

    /**
     * Matches if a tag is missing.
     *
     * @param key name of the tag
     * @return the filter
     */
    public static TagsFilter nexists(String key) {
        return comparing(Kind.NEX, key, "");
    }

    /**
     * Matches if the value of a tag starts with a text.
     *
     * @param key name of the tag
     * @param prefix beginning of the value, not empty
     * @return the filter
     */
    public static TagsFilter startsWith(String key, String prefix) {
        return comparing(Kind.SW, key, prefix);
    }

    /**
     * Matches if the value of a tag ends with a text.
     *
     * @param key name of the tag
     * @param suffix end of the value, not empty
     * @return the filter
     */
    public static TagsFilter endsWith(String key, String suffix) {
        return comparing(Kind.EW, key, suffix);
    }

    /**
     * Matches if the value of a tag contains a text.
     *
     * @param key name of the tag
     * @param part part of the value, not empty
     * @return the filter
     */
    public static TagsFilter contains(String key, String part) {
        return comparing(Kind.CT, key, part);
    }

    /**
     * Matches if a tag is a number below a limit.
     *
     * @param key name of the tag
     * @param limit number that the tag is compared with
     * @return the filter
     */
    public static TagsFilter lt(String key, BigDecimal limit) {
        return numbers(Kind.LT, key, limit);
    }

    /**
     * Matches if a tag is a number that is at most a limit.
     *
     * @param key name of the tag
     * @param limit number that the tag is compared with
     * @return the filter
     */
    public static TagsFilter lte(String key, BigDecimal limit) {
        return numbers(Kind.LTE, key, limit);
    }

    /**
     * Matches if a tag is a number above a limit.
     *
     * @param key name of the tag
     * @param limit number that the tag is compared with
     * @return the filter
     */
    public static TagsFilter gt(String key, BigDecimal limit) {
        return numbers(Kind.GT, key, limit);
    }

    /**
     * Matches if a tag is a number that is at least a limit.
     *
     * @param key name of the tag
     * @param limit number that the tag is compared with
     * @return the filter
     */
    public static TagsFilter gte(String key, BigDecimal limit) {
        return numbers(Kind.GTE, key, limit);
    }

    /**
     * Matches if all filters do.
     *
     * @param filters filters, at least one
     * @return the filter
     */
    public static TagsFilter and(TagsFilter... filters) {
        return combining(Kind.AND, filters);
    }

    /**
     * Matches if one of the filters does.
     *
     * @param filters filters, at least one
     * @return the filter
     */
    public static TagsFilter or(TagsFilter... filters) {
        return combining(Kind.OR, filters);
    }

    /**
     * Matches if a filter does not.
     *
     * @param filter filter
     * @return the filter
     */
    public static TagsFilter not(TagsFilter filter) {
        return combining(Kind.NOT, filter);
    }

    /**
     * Returns whether tags match. Allocates nothing.
     *
     * @param tags tags of a publication
     * @return whether a subscriber with this filter gets it
     */
    public boolean matches(Map<String, String> tags) {
        return switch (kind) {
            case AND -> matchingNodes(tags, false);
            case OR -> !matchingNodes(tags, true);
            case NOT -> !nodes.get(0).matches(tags);
            default -> matchesTag(tags.get(key));
        };
    }

    /** Returns whether no operand matches as {@code unwanted}. */
    private boolean matchingNodes(Map<String, String> tags, boolean unwanted) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).matches(tags) == unwanted) {
                return false;
            }
        }
        return true;
    }

    private boolean matchesTag(@Nullable String tag) {
        return switch (kind) {
            case NEQ -> !value.equals(tag);
            case IN -> searched.contains(tag == null ? "" : tag);
            case NIN -> !searched.contains(tag == null ? "" : tag);
            case NEX -> tag == null;
            default -> tag != null && matchesPresent(tag);
        };
    }

    private boolean matchesPresent(String tag) {
        return switch (kind) {
            case EQ -> value.equals(tag);
            case EX -> true;
            case SW -> tag.startsWith(value);
            case EW -> tag.endsWith(value);
            case CT -> tag.contains(value);
            default -> number && DecimalText.isNumber(tag) && matchesOrder(DecimalText.compare(tag, value));
        };
    }

    private boolean matchesOrder(int order) {
        return switch (kind) {
            case LT -> order < 0;
            case LTE -> order <= 0;
            case GT -> order > 0;
            default -> order >= 0;
        };
    }

    /**
     * Returns the operation.
     *
     * @return {@code and}, {@code or} or {@code not}; empty for a comparison
     */
    public String operation() {
        return kind.isOperation() ? kind.word : LEAF;
    }

    /**
     * Returns the name of the tag that is compared.
     *
     * @return name of the tag; empty for an operation
     */
    public String key() {
        return key;
    }

    /**
     * Returns the comparison in the word of the client protocol.
     *
     * @return word such as {@code eq}; empty for an operation
     */
    public String comparison() {
        return kind.isOperation() ? "" : kind.word;
    }

    /**
     * Returns what most comparisons compare with.
     *
     * @return the value; empty if there is none
     */
    public String value() {
        return value;
    }

    /**
     * Returns what {@code in} and {@code nin} compare with.
     *
     * @return the values; empty for all others
     */
    public List<String> values() {
        return values;
    }

    /**
     * Returns the operands of an operation.
     *
     * @return the operands; empty for a comparison
     */
    public List<TagsFilter> nodes() {
        return nodes;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof TagsFilter filter
                        && hash == filter.hash
                        && kind == filter.kind
                        && key.equals(filter.key)
                        && value.equals(filter.value)
                        && values.equals(filter.values)
                        && nodes.equals(filter.nodes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        if (kind.isOperation()) {
            return kind.word + nodes;
        }
        return key + " " + kind.word + (kind.takesNothing() ? "" : " " + (kind.takesValues() ? values : value));
    }
}
