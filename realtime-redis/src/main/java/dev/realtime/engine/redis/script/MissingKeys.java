package dev.realtime.engine.redis.script;

import dev.realtime.engine.redis.connection.PartitionCommands;
import dev.realtime.engine.redis.driver.DriverErrors;
import dev.realtime.engine.redis.driver.Redirect;
import io.lettuce.core.SetArgs;
import io.lettuce.core.ZAddArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creation of the keys of a script that do not exist, so that the script can run while their slot moves.
 *
 * <p>The source of a moving slot refuses a script of several keys as long as some of them are missing, and the target
 * as long as any is: {@code TRYAGAIN}. A new channel could not be used until the move is over, however long it takes. A
 * command with one key is always served, so each key is created by itself, which the cluster does at the target, with
 * something that the script takes for nothing. All of it ends by itself if the script does not come.
 *
 * <p>Nothing is created if a key exists at the source: the others would be created at the target, and the keys would be
 * split. Then only the move itself helps.
 */
final class MissingKeys {

    private static final Logger logger = LoggerFactory.getLogger(MissingKeys.class);

    private static final long LIFE_MILLIS = 60_000;

    private static final byte[] NOTHING = {};

    /** A placeholder entry in the format of presence: a version, and a user without a name. */
    private static final byte[] NO_USER = {0, 0};

    /** Kinds of keys, each with what an empty one is. */
    enum Kind {
        /** A hash with a field that stands for an unknown generation. */
        META,
        /** A stream without entries. */
        STREAM,
        /** An empty answer to an idempotency key. */
        ANSWER,
        /** Three keys with one entry that has expired already. */
        PRESENCE_INFOS,
        PRESENCE_EXPIRY,
        PRESENCE_USERS
    }

    private final PartitionCommands redis;

    private final ScriptRequest<?> request;

    MissingKeys(PartitionCommands redis, ScriptRequest<?> request) {
        this.redis = redis;
        this.request = request;
    }

    /** Creates them if that helps. Completes in any case. */
    CompletableFuture<Void> create() {
        List<Kind> kinds = request.script().kindsOf(request.keys().length);
        if (kinds.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.completedFuture(kinds)
                // Throws where there is no connection.
                .thenCompose(begun -> existAtOwner())
                .thenCompose(exist -> exist ? CompletableFuture.completedFuture(null) : createAll(kinds))
                .exceptionally(failed -> {
                    logger.debug(
                            "Could not create the missing keys of a migrating slot: {}", DriverErrors.text(failed));
                    return null;
                });
    }

    private CompletableFuture<Boolean> existAtOwner() {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (byte[] key : request.keys()) {
            answers.add(redis.direct(request.partition())
                    .exists(key)
                    .toCompletableFuture()
                    .handle((count, refused) -> refused == null ? count > 0 : !isAsk(refused)));
        }
        return all(answers).thenApply(done -> answers.stream().anyMatch(CompletableFuture::join));
    }

    /** Returns whether it was an {@code ASK}: a source that does not have the key redirects even the check for it. */
    private static boolean isAsk(Throwable refused) {
        Redirect redirect = Redirect.of(refused);
        return redirect != null && redirect.ask();
    }

    private CompletableFuture<Void> createAll(List<Kind> kinds) {
        RedisClusterAsyncCommands<byte[], byte[]> commands = redis.commands(request.partition());
        List<CompletableFuture<?>> created = new ArrayList<>();
        for (int index = 0; index < kinds.size(); index++) {
            byte[] key = request.keys()[index];
            created.add(create(commands, kinds.get(index), key));
        }
        return all(created);
    }

    /** A key that exists keeps what is in it, and its time to live. */
    private static CompletableFuture<?> create(
            RedisClusterAsyncCommands<byte[], byte[]> commands, Kind kind, byte[] key) {
        return commands.exists(key)
                .thenCompose(count -> count > 0
                        ? CompletableFuture.completedFuture(false)
                        : createNew(commands, kind, key)
                                .thenCompose(isNew -> isNew && kind != Kind.ANSWER
                                        ? expire(commands, key)
                                        : CompletableFuture.completedFuture(false)))
                .toCompletableFuture()
                .exceptionally(existsSince -> null);
    }

    /** Once more after a failure: without a time to live the key would stay. */
    private static CompletionStage<Boolean> expire(RedisClusterAsyncCommands<byte[], byte[]> commands, byte[] key) {
        return commands.pexpire(key, LIFE_MILLIS).exceptionallyCompose(failed -> commands.pexpire(key, LIFE_MILLIS));
    }

    /** Returns whether it did not exist. */
    private static CompletionStage<Boolean> createNew(
            RedisClusterAsyncCommands<byte[], byte[]> commands, Kind kind, byte[] key) {
        return switch (kind) {
            case META -> commands.hsetnx(key, new byte[] {'g'}, NOTHING);
            case STREAM ->
                commands.dispatch(
                                CommandType.XADD,
                                new StatusOutput<>(ByteArrayCodec.INSTANCE),
                                // The driver's own method does not take a length of 0.
                                new CommandArgs<>(ByteArrayCodec.INSTANCE)
                                        .addKey(key)
                                        .add("MAXLEN")
                                        .add(0)
                                        .add("0-1")
                                        .add("p")
                                        .add(NOTHING))
                        .thenApply(id -> true);
            case ANSWER ->
                commands.set(key, NOTHING, SetArgs.Builder.nx().px(LIFE_MILLIS)).thenApply("OK"::equals);
            case PRESENCE_INFOS -> commands.hsetnx(key, NOTHING, NO_USER);
            case PRESENCE_EXPIRY ->
                commands.zadd(key, ZAddArgs.Builder.nx(), 0, NOTHING).thenApply(added -> added > 0);
            case PRESENCE_USERS -> commands.hsetnx(key, NOTHING, "1".getBytes(StandardCharsets.US_ASCII));
        };
    }

    private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
    }
}
