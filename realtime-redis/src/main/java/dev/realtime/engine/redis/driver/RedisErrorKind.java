package dev.realtime.engine.redis.driver;

import dev.realtime.api.client.EngineException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.PartitionSelectorException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Kind of failure of a command, which determines how it is handled and reported. */
public enum RedisErrorKind {
    /** No answer in time; the command may have been done. */
    TIMEOUT("Redis did not answer within %s, so it may or may not have been done. Check the load of Redis and of the"
            + " network; `realtime.redis.read-timeout` is the time waited"),
    /** No connection, or it was lost; the command may have been done. */
    DISCONNECTED(
            "there is no connection to Redis, or it was lost on the way, so it may or may not have been done. It is"
                    + " opened again as soon as Redis can be reached; the health of the engine says what is missing"),
    /** Not sent: the connection is being replaced by one to another server. */
    CONNECTING(
            "the connection to Redis is being replaced, as another server takes the commands now. It was not done; try"
                    + " it again"),
    /** The server is a replica. */
    READONLY("Redis answered that it is a replica. A failover is in progress, or `realtime.redis.address` leads to a"
            + " replica"),
    /** The slot has no owner, or is between two. */
    CLUSTERDOWN(
            "the Redis Cluster does not serve its hash slot. A failover or a move of slots is in progress, or another"
                    + " part of the cluster is down and `cluster-require-full-coverage` stops all of it; the health of"
                    + " the engine says which slots are not covered"),
    /** The slot moves, and not all keys are on the same side. */
    TRYAGAIN(
            "its hash slot is being moved, and its keys are on both sides, or some of them are missing on the side that"
                    + " has the others. It works again when the keys have moved"),
    /** No memory left. */
    OOM("Redis has no memory left. Raise its `maxmemory`, or keep less history"),
    /** Still reading its data. */
    LOADING("Redis is still loading its data after a start. It works again when that is done"),
    /** Fewer replicas than the server insists on. */
    NOREPLICAS("Redis has fewer replicas than its `min-replicas-to-write` asks for. Bring them back"),
    /** It cannot save its data, and refuses writes for that. */
    MISCONF("Redis cannot save its data to disk, and refuses writes until it can. Check its log and its disk"),
    /** It runs a script of another program that does not end. */
    BUSY("Redis is busy with a script of another program. It works again when that ends, or by `SCRIPT KILL`"),
    /** The user may not do it, or may not log in any more. */
    NOPERM("the user of the engine is not allowed to. Compare its rights with those in the documentation of"
            + " the engine"),
    /** A key holds something that is not the engine's. */
    WRONGTYPE("Redis holds something else under the key of the engine. No other program may write under"
            + " `realtime.redis.prefix`"),
    /** The server does not know the script. */
    NOSCRIPT("Redis does not know the script of the engine, though it was just sent. Is there a proxy in between"),
    /** Anything else. */
    OTHER("Redis refused it");

    private final String text;

    RedisErrorKind(String text) {
        this.text = text;
    }

    public static RedisErrorKind of(Throwable error) {
        Throwable cause = unwrap(error);
        if (cause instanceof RedisCommandTimeoutException) {
            return TIMEOUT;
        }
        if (cause instanceof StillConnectingException) {
            return CONNECTING;
        }
        if (cause instanceof PartitionSelectorException) {
            return CLUSTERDOWN;
        }
        if (cause instanceof RedisCommandExecutionException && cause.getMessage() != null) {
            return ofReply(cause.getMessage());
        }
        return cause instanceof RedisException || cause instanceof java.io.IOException ? DISCONNECTED : OTHER;
    }

    /** Of the text of an error reply, whose first word is its kind. */
    private static RedisErrorKind ofReply(String reply) {
        int end = reply.indexOf(' ');
        return switch (end < 0 ? reply : reply.substring(0, end)) {
            case "READONLY" -> READONLY;
            case "CLUSTERDOWN", "MOVED", "ASK", "MASTERDOWN" -> CLUSTERDOWN;
            case "TRYAGAIN" -> TRYAGAIN;
            case "OOM" -> OOM;
            case "LOADING" -> LOADING;
            case "MISCONF" -> MISCONF;
            case "BUSY" -> BUSY;
            case "NOPERM", "NOAUTH", "WRONGPASS" -> NOPERM;
            case "NOREPLICAS" -> NOREPLICAS;
            case "WRONGTYPE" -> WRONGTYPE;
            case "NOSCRIPT" -> NOSCRIPT;
            // What the server says of an error inside a script begins with ERR before 7.0.
            default ->
                Stream.of(READONLY, WRONGTYPE, OOM, NOREPLICAS, MISCONF)
                        .filter(failure -> reply.contains(failure.name() + ' '))
                        .findFirst()
                        .orElse(OTHER);
        };
    }

    public static Throwable unwrap(Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Whether the server did nothing for certain and will soon do it, so that asking again cannot do it twice. */
    public boolean isPassingRefusal() {
        return switch (this) {
            case CONNECTING, READONLY, CLUSTERDOWN, TRYAGAIN, LOADING, BUSY -> true;
            default -> false;
        };
    }

    /** Returns whether it is unknown if the server executed the command. */
    public boolean isUncertain() {
        return this == TIMEOUT || this == DISCONNECTED;
    }

    /** The name under which it is counted. */
    public String kind() {
        return switch (this) {
            case WRONGTYPE, NOSCRIPT, NOPERM -> OTHER.kind();
            case TRYAGAIN -> CLUSTERDOWN.kind();
            case CONNECTING -> DISCONNECTED.kind();
            default -> name().toLowerCase(Locale.ROOT);
        };
    }

    /**
     * @param what could not be done, the beginning of a sentence
     * @param timeout of commands
     */
    public EngineException toException(String what, Duration timeout, Throwable error) {
        Throwable cause = unwrap(error);
        String why = String.format(Locale.ROOT, text, timeout.toMillis() + " ms");
        return new EngineException(what + " failed: " + why + ". (" + cause.getMessage() + ")", cause);
    }

    /** Says what it means, without a subject, and what the server said. Not for those that name a timeout. */
    public String explain(Throwable error) {
        return text + ". (" + unwrap(error).getMessage() + ")";
    }
}
