package dev.realtime.engine.redis.control;

import dev.realtime.engine.redis.format.BinaryOutput;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Binary forms of questions and replies. A long answer is sent in pages, since Redis would have to hold all of a long
 * message for the asking node, whose connection it would close.
 *
 * <pre>
 *   question   'q' topic | id | name to answer under | question
 *   answer     'a' id | node id | number of pages, 0 if it is too long | page | part of the answer
 * </pre>
 */
final class SurveyMessages {

    static final char QUESTION = 'q';

    static final char ANSWER = 'a';

    static final int PAGE_BYTES = 128 * 1024;

    /** Longest answer of a node. */
    static final int MOST_ANSWER_BYTES = 16 * 1024 * 1024;

    private SurveyMessages() {}

    /** @param name to answer under */
    static byte[] question(int topic, long id, byte[] name, byte[] question) {
        return new BinaryOutput(64 + question.length)
                .octet(QUESTION)
                .octet(topic)
                .number(id)
                .block(name)
                .bytes(question)
                .toBytes();
    }

    /** Returns an answer in pages, or a single one that says that it is too long. */
    static Iterable<byte[]> answer(long id, String node, byte[] answer) {
        if (answer.length > MOST_ANSWER_BYTES) {
            return List.of(page(id, node, 0, 0, answer, 0));
        }
        int count = Math.max(1, (answer.length + PAGE_BYTES - 1) / PAGE_BYTES);
        return () -> IntStream.range(0, count)
                .mapToObj(page ->
                        page(id, node, count, page, answer, Math.min(PAGE_BYTES, answer.length - page * PAGE_BYTES)))
                .iterator();
    }

    private static byte[] page(long id, String node, int count, int page, byte[] answer, int length) {
        int from = page * PAGE_BYTES;
        return new BinaryOutput(64 + length)
                .octet(ANSWER)
                .number(id)
                .text(node)
                .number(count)
                .number(page)
                .bytes(Arrays.copyOfRange(answer, from, from + length))
                .toBytes();
    }
}
