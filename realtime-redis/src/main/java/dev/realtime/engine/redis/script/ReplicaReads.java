package dev.realtime.engine.redis.script;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.RedisErrorKind;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisReadFrom;
import dev.realtime.engine.redis.options.RedisTopology;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.masterreplica.MasterReplica;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reads on replicas, by scripts that write nothing. A read that no replica can serve completes empty, and its caller
 * asks the primary: without a replica, while one is far behind, where a stream has to be begun or an entry has expired.
 *
 * <p>One connection of the driver, which routes each read. It is opened by the first read. In a cluster the driver
 * follows the topology; elsewhere the replicas are those that the primary named when the connection was opened, so it
 * is opened again from time to time.
 *
 * <p>After a failure that the next read would have too, replicas are left alone for a moment, so that one that does not
 * answer delays few reads.
 *
 * <p>May be used by any thread. Lock: the monitor of this object; no callback runs under it.
 */
public final class ReplicaReads implements ReplicaScripts {

    private static final Logger logger = LoggerFactory.getLogger(ReplicaReads.class);

    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** Reads of the connection that was replaced may still be in progress. */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final AbstractRedisClient client;

    private final RedisEngineOptions options;

    private final @Nullable RedisURI login;

    private final Scheduler scheduler;

    /** Guarded by this. */
    private @Nullable Connection present;

    /** Guarded by this. */
    private boolean opening;

    /** Guarded by this. */
    private boolean stopped;

    /** When replicas are used again after a failure, by {@link System#nanoTime()}. Guarded by this. */
    private long pausedUntil = System.nanoTime();

    /** Guarded by this. */
    private boolean failing;

    /** A connection that sends reads to replicas. */
    private record Connection(
            StatefulConnection<byte[], byte[]> connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            long openedAt) {}

    /** @param login with which the client was made; {@code null} if it is not known */
    public ReplicaReads(
            AbstractRedisClient client, RedisEngineOptions options, @Nullable RedisURI login, Scheduler scheduler) {
        this.client = client;
        this.options = options;
        this.login = login;
        this.scheduler = scheduler;
        if (isWanted() && options.topology() != RedisTopology.CLUSTER && login == null) {
            logger.warn(
                    "`realtime.redis.read-from` is `replica-preferred`, but the address of Redis is not known, as its"
                            + " client was made by the application. All reads go to the primary.");
        }
    }

    private boolean isWanted() {
        return options.readFrom() == RedisReadFrom.REPLICA_PREFERRED;
    }

    @Override
    public Mono<List<Object>> read(Script script, byte[][] keys, byte[][] arguments) {
        return Mono.defer(() -> {
            RedisClusterAsyncCommands<byte[], byte[]> commands = commands();
            if (commands == null) {
                return Mono.empty();
            }
            return Mono.fromCompletionStage(() -> send(commands, script, keys, arguments, false))
                    .onErrorResume(
                            RedisNoScriptException.class,
                            unknown -> Mono.fromCompletionStage(() -> send(commands, script, keys, arguments, true)))
                    .timeout(options.commandTimeout().dividedBy(2), scheduler)
                    .doOnNext(reply -> worked())
                    .filter(reply -> !reply.isEmpty())
                    .onErrorResume(error -> {
                        if (concernsAllReads(error)) {
                            failed(error);
                        } else {
                            logger.debug(
                                    "A replica refused a read, which is sent to the primary: {}", error.toString());
                        }
                        return Mono.empty();
                    });
        });
    }

    /** Returns whether the next read would fail too; a refusal for what is under one key says nothing of others. */
    private static boolean concernsAllReads(Throwable error) {
        Throwable cause = RedisErrorKind.unwrap(error);
        if (!(cause instanceof RedisCommandExecutionException)) {
            return true;
        }
        String reply = String.valueOf(cause.getMessage());
        return switch (RedisErrorKind.of(error)) {
            case LOADING, BUSY, NOPERM, NOSCRIPT -> true;
            default -> reply.startsWith("MASTERDOWN") || reply.contains("unknown command");
        };
    }

    private static CompletionStage<List<Object>> send(
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            Script script,
            byte[][] keys,
            byte[][] arguments,
            boolean withSource) {
        CommandArgs<byte[], byte[]> sent = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        sent.add(withSource ? script.source() : script.digest()).add(keys.length);
        for (byte[] key : keys) {
            sent.addKey(key);
        }
        for (byte[] argument : arguments) {
            sent.add(argument);
        }
        return commands.dispatch(withSource ? CommandType.EVAL_RO : CommandType.EVALSHA_RO, ScriptRequest.list(), sent);
    }

    /** Returns what leads to replicas; {@code null} if nothing does at this moment. */
    private @Nullable RedisClusterAsyncCommands<byte[], byte[]> commands() {
        if (!isWanted()) {
            return null;
        }
        Connection usable;
        boolean open;
        synchronized (this) {
            long now = System.nanoTime();
            if (stopped || now - pausedUntil < 0) {
                return null;
            }
            usable = present;
            boolean old = usable == null
                    || options.topology() != RedisTopology.CLUSTER
                            && now - usable.openedAt()
                                    > options.topologyRefreshInterval().toNanos();
            open = old && !opening;
            opening |= open;
        }
        if (open) {
            open();
        }
        return usable == null ? null : usable.commands();
    }

    private void open() {
        try {
            connect().whenComplete(this::opened);
        } catch (RuntimeException failure) {
            opened(null, failure);
        }
    }

    private CompletionStage<@Nullable Connection> connect() {
        if (client instanceof RedisClusterClient cluster) {
            return cluster.connectAsync(ByteArrayCodec.INSTANCE).thenApply(connection -> {
                connection.setReadFrom(ReadFrom.REPLICA);
                return new Connection(connection, connection.async(), System.nanoTime());
            });
        }
        if (login == null) {
            throw new EngineException("The address of Redis is not known");
        }
        return MasterReplica.connectAsync((RedisClient) client, ByteArrayCodec.INSTANCE, login)
                .thenApply(connection -> {
                    connection.setReadFrom(ReadFrom.REPLICA);
                    return new Connection(connection, connection.async(), System.nanoTime());
                });
    }

    private void opened(@Nullable Connection opened, @Nullable Throwable failure) {
        Connection surplus;
        synchronized (this) {
            opening = false;
            if (stopped || opened == null) {
                surplus = opened;
            } else {
                surplus = present;
                present = opened;
            }
        }
        if (failure != null) {
            failed(failure);
        }
        if (surplus != null) {
            Connection closed = surplus;
            Mono.delay(DRAIN, scheduler)
                    .subscribe(
                            later -> closed.connection().closeAsync(),
                            stopping -> closed.connection().closeAsync());
        }
    }

    private synchronized void worked() {
        if (failing) {
            failing = false;
            logger.info("Replicas of Redis serve reads again");
        }
    }

    private void failed(Throwable error) {
        boolean first;
        synchronized (this) {
            pausedUntil = System.nanoTime() + PAUSE.toNanos();
            first = !failing && !stopped;
            failing = true;
        }
        if (first) {
            logger.warn(
                    "No replica of Redis could be read from: {}. Reads go to the primary meanwhile."
                            + " `realtime.redis.read-from` needs replicas of Redis 7.0 or newer at the addresses that"
                            + " the primary names, and the commands EVAL_RO and EVALSHA_RO.",
                    DriverErrors.text(error));
        }
    }

    /** Closes the connection; nothing is read from replicas any more. */
    public void stop() {
        Connection closed;
        synchronized (this) {
            stopped = true;
            closed = present;
            present = null;
        }
        if (closed != null) {
            closed.connection().closeAsync();
        }
    }
}
