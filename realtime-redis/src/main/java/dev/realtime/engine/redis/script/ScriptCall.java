package dev.realtime.engine.redis.script;

import dev.realtime.api.client.EngineException;
import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.driver.RedisErrorKind;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script, from the first sending to the result.
 *
 * <p>It is sent again where that is safe and useful, within the time of one command from the first sending: when the
 * server certainly did nothing and soon will, and once when the outcome is not known and the request can be repeated. A
 * request for several channels that a server refuses because only some of their keys have moved is made in parts.
 * Redirects of a cluster are followed here, not by the driver, so that the lane knows what has not ended.
 */
public final class ScriptCall<T> extends LaneCall<T> {

    /** Callback for the outcome; exactly one method is called, once. */
    public interface Observer<T> {

        void succeeded(T result);

        void failed(EngineException error);
    }

    /** After so many refusals because keys are missing while their slot moves, they are created. */
    private static final int PATIENCE_WITH_MISSING_KEYS = 3;

    /** Bytes of a call and what belongs to it, besides keys and arguments. */
    private static final int OVERHEAD = 500;

    private static final byte[][] NO_KEYS = {};

    private final ScriptRequest<T> request;

    /** Whether it was sent with its source last. */
    private boolean sentSource;

    private boolean mended;

    private boolean repeated;

    /** The server that a slot is moving to, for the next sending. */
    private @Nullable Redirect ask;

    /** Whether it is sent without keys, as the slot is moving away from the owner that is meant. */
    private boolean withoutKeys;

    private int missingKeys;

    ScriptCall(RedisScripts scripts, ScriptRequest<T> request, Observer<T> observer) {
        this(scripts, request, observer, endOfTime(scripts));
    }

    private ScriptCall(RedisScripts scripts, ScriptRequest<T> request, Observer<T> observer, long giveUpAtNanos) {
        super(scripts, request.partition(), observer, giveUpAtNanos);
        this.request = request;
    }

    @Override
    String description() {
        return request.description();
    }

    @Override
    public Script script() {
        return request.script();
    }

    @Override
    public CompletionStage<T> dispatch(boolean withSource) {
        sentSource = withSource || ask != null;
        CommandType command = sentSource ? CommandType.EVAL : CommandType.EVALSHA;
        CommandOutput<byte[], byte[], T> output = request.output().get();
        try {
            if (ask != null) {
                return scripts.redis().ask(request.partition(), ask, new Command<>(command, output, arguments()));
            }
            // First the connection, as it takes no commands before the pub/sub mode is known.
            RedisClusterAsyncCommands<byte[], byte[]> owner = scripts.redis().direct(request.partition());
            return owner.dispatch(command, output, arguments());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CommandArgs<byte[], byte[]> arguments() {
        CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        Script script = request.script();
        arguments.add(sentSource ? script.source() : script.digest());
        byte[][] keys = withoutKeys ? NO_KEYS : request.keys();
        arguments.add(keys.length);
        for (byte[] key : keys) {
            arguments.addKey(key);
        }
        boolean sharded = scripts.redis().sharded();
        for (byte[] argument : request.arguments()) {
            arguments.add(ScriptRequest.toSend(argument, sharded));
        }
        return arguments;
    }

    @Override
    public boolean isRedirected() {
        return ask != null;
    }

    @Override
    public int size() {
        int size = OVERHEAD;
        for (byte[] key : request.keys()) {
            size += key.length;
        }
        for (byte[] argument : request.arguments()) {
            size += argument.length;
        }
        return size;
    }

    @Override
    public void accept(@Nullable T result, @Nullable Throwable error) {
        if (error != null) {
            afterFailure(RedisErrorKind.of(error), error);
            return;
        }
        T value = Objects.requireNonNull(result);
        if (ask != null && request.echo() != null) {
            publishAtOwner(request.echo(), value);
        }
        lane().ended();
        observer.succeeded(value);
    }

    /** Publishes at the owner of the slot, as no node is subscribed yet where the slot is moving to. */
    private void publishAtOwner(ScriptRequest.Echo<T> echo, T result) {
        byte[] message = echo.message().apply(result);
        if (message != null && scripts.redis().sharded()) {
            scripts.redis().publish(request.partition(), echo.name(), message);
        }
    }

    private void afterFailure(RedisErrorKind failure, Throwable error) {
        Redirect redirect = Redirect.of(error);
        boolean asked = ask != null;
        // Where keys are missing that have not come yet, it is tried again there.
        ask = failure == RedisErrorKind.TRYAGAIN ? ask : null;
        if (failure == RedisErrorKind.NOSCRIPT && !sentSource) {
            again(0, false, error);
        } else if (redirect != null && redirect.ask() && request.script().isOfOwner() && !withoutKeys) {
            // The redirect also says that the cluster has not cut this server off. A script without keys would run
            // there.
            withoutKeys = true;
            again(0, false, error);
        } else if (redirect != null && redirect.ask() && !asked) {
            // First alone, as the others may succeed there though this one is refused for a key that has not come yet.
            ask = redirect;
            again(0, true, error);
        } else if (failure == RedisErrorKind.WRONGTYPE && !mended) {
            mended = true;
            lane().ended();
            scripts.mend(request, this::send, mendFailure -> report(failure, error));
        } else if (failure == RedisErrorKind.TRYAGAIN && request.parts() != null) {
            split(request.parts());
        } else if (failure == RedisErrorKind.TRYAGAIN && ++missingKeys % PATIENCE_WITH_MISSING_KEYS == 0) {
            // As soon as the keys are there, a call that is sent now would come before this one.
            lane().drain();
            new MissingKeys(scripts.redis(), request)
                    .create()
                    .whenComplete((done, unknown) -> again(FIRST_PAUSE_MILLIS, asked, error));
        } else if (failure == RedisErrorKind.TRYAGAIN && isTimeForPause()) {
            scripts.redis().refused(request.partition(), failure);
            // Other channels of the partition are not concerned, but may overtake where the slot is moving to.
            again(FIRST_PAUSE_MILLIS, ask != null, error);
        } else if (failure.isPassingRefusal() && isTimeForPause()) {
            againAfterRefusal(failure, redirect, error);
        } else if (failure.isUncertain() && request.repeatable() && !repeated) {
            repeated = true;
            renewTime();
            again(nextPause(), true, error);
        } else {
            fail(failure, error);
        }
    }

    /** Continues with a call for each channel, in the place of this one. */
    private void split(ScriptRequest.Parts<T> parts) {
        List<ScriptRequest<T>> requests = parts.each().get();
        Joined<T> joined = new Joined<>(requests.size(), parts.join(), observer);
        List<ScriptCall<T>> calls = new ArrayList<>(requests.size());
        for (int index = 0; index < requests.size(); index++) {
            calls.add(new ScriptCall<>(scripts, requests.get(index), joined.part(index), giveUpAtNanos()));
        }
        lane().replace(this, calls);
    }

    /** Results of the parts of a request. Fails with one of the failures when all parts have ended. */
    private static final class Joined<T> {

        private final Function<List<T>, T> join;

        private final Observer<T> observer;

        private final AtomicReferenceArray<T> results;

        private final AtomicInteger left;

        private final AtomicReference<@Nullable EngineException> failure = new AtomicReference<>();

        Joined(int parts, Function<List<T>, T> join, Observer<T> observer) {
            this.join = join;
            this.observer = observer;
            this.results = new AtomicReferenceArray<>(parts);
            this.left = new AtomicInteger(parts);
        }

        Observer<T> part(int index) {
            return new Observer<>() {

                @Override
                public void succeeded(T result) {
                    results.set(index, result);
                    ended();
                }

                @Override
                public void failed(EngineException error) {
                    failure.compareAndSet(null, error);
                    ended();
                }
            };
        }

        private void ended() {
            if (left.decrementAndGet() > 0) {
                return;
            }
            EngineException error = failure.get();
            if (error != null) {
                observer.failed(error);
                return;
            }
            List<T> all = new ArrayList<>(results.length());
            for (int index = 0; index < results.length(); index++) {
                all.add(results.get(index));
            }
            observer.succeeded(join.apply(all));
        }
    }

    /** Fails a call that was sent. */
    private void fail(RedisErrorKind failure, Throwable error) {
        if (failure.isUncertain()) {
            // The next connection may lead to a server that has started again.
            lane().forgetScripts();
        }
        lane().ended();
        report(failure, error);
    }
}
