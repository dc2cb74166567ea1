package dev.realtime.engine.redis.driver;

import io.lettuce.core.RedisCommandExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A redirect of the <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">cluster
 * protocol</a>.
 *
 * @param ask whether only this command goes there ({@code ASK}), rather than all for the slot ({@code MOVED})
 * @param host of the node; empty for the one that answered
 */
public record Redirect(boolean ask, String host, int port) {

    /** Reads it from an error reply; {@code null} if that is none. */
    public static @Nullable Redirect of(Throwable error) {
        Throwable cause = RedisErrorKind.unwrap(error);
        if (!(cause instanceof RedisCommandExecutionException) || cause.getMessage() == null) {
            return null;
        }
        String[] words = cause.getMessage().split(" ");
        boolean ask = words[0].equals("ASK");
        if (words.length < 3 || !ask && !words[0].equals("MOVED")) {
            return null;
        }
        int colon = words[2].lastIndexOf(':');
        try {
            return new Redirect(
                    ask,
                    words[2].substring(0, Math.max(0, colon)),
                    Integer.parseInt(words[2].substring(colon + 1).strip()));
        } catch (NumberFormatException unknown) {
            return null;
        }
    }
}
