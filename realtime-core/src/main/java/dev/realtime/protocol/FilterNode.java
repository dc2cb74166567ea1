package dev.realtime.protocol;

import dev.realtime.api.data.TagsFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * Node of a tags filter as a client sends it with a subscribe request.
 *
 * @param operation empty for a leaf, else {@code and}, {@code or}, {@code not}
 * @param key the tag that a leaf compares
 * @param comparison how a leaf compares: {@code eq neq in nin ex nex sw ew ct lt lte gt gte}
 * @param value what most comparisons compare with
 * @param values what {@code in} and {@code nin} compare with
 * @param nodes operands of an operation
 */
public record FilterNode(
        String operation, String key, String comparison, String value, List<String> values, List<FilterNode> nodes) {

    private static final int MAX_DEPTH = 16;

    private static final int MAX_NODES = 128;

    private static final int MAX_VALUES = 1_000;

    /**
     * Returns the filter, if it is one and not too expensive to evaluate for each publication.
     *
     * @return the filter
     * @throws IllegalArgumentException if it is malformed, nested more than 16 levels deep, or has more than 128 nodes
     *     or 1,000 values
     */
    public TagsFilter toTagsFilter() {
        return new Conversion().convert(this, 1);
    }

    /** Conversion of a whole filter, which counts what it costs. */
    private static final class Conversion {

        private int nodes;

        private int values;

        TagsFilter convert(FilterNode node, int depth) {
            values += node.values.size();
            if (depth > MAX_DEPTH || ++nodes > MAX_NODES || values > MAX_VALUES) {
                throw new IllegalArgumentException("A tags filter has more than " + MAX_DEPTH + " levels, " + MAX_NODES
                        + " nodes or " + MAX_VALUES + " values");
            }
            List<TagsFilter> operands = new ArrayList<>(node.nodes.size());
            for (FilterNode operand : node.nodes) {
                operands.add(convert(operand, depth + 1));
            }
            return TagsFilter.of(node.operation, node.key, node.comparison, node.value, node.values, operands);
        }
    }
}
