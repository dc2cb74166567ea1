package dev.realtime.engine.redis.control;

import java.util.Map;
import java.util.Set;

/**
 * Answers of the nodes to one question.
 *
 * @param answers by node, also of nodes that were not named as members
 * @param missing members that neither answered nor left
 */
public record SurveyAnswers(Map<String, byte[]> answers, Set<String> missing) {

    /** Returns whether every member answered. */
    public boolean complete() {
        return missing.isEmpty();
    }
}
