package dev.realtime.engine.redis.control;

import java.util.Map;
import java.util.Set;

/**
 * Replies of the nodes to one question.
 *
 * @param replies by node, also of nodes that were not named as members
 * @param missing members that neither answered nor left
 */
public record SurveyAnswers(Map<String, byte[]> replies, Set<String> missing) {

    /** Returns whether every member answered. */
    public boolean complete() {
        return missing.isEmpty();
    }
}
