package dev.realtime.protocol;

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
        String operation, String key, String comparison, String value, List<String> values, List<FilterNode> nodes) {}
