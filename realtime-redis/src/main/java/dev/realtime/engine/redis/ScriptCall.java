package dev.realtime.engine.redis;

import dev.realtime.engine.EngineException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script, from the first sending to the result.
 *
 * <p>It is sent again where that is safe and useful, within the time of one command from the first sending: when the server
 * certainly did nothing and soon will, and once when the outcome is not known and the request can be repeated. Owned by
 * whichever thread has its reply; never by two at a time.
 */
final class ScriptCall<T> implements ScriptLane.Call<T> {

    /** Who is told of the end; exactly one method, once. */
    interface Observer<T> {

        void succeeded(T result);

        void failed(EngineException error);
    }

    private static final long FIRST_PAUSE_MILLIS = 10;

    private static final long LONGEST_PAUSE_MILLIS = 160;

    private final RedisScripts scripts;

    private final ScriptRequest<T> request;

    private final Observer<T> observer;

    /** When it is not sent again any more. */
    private long giveUpAtNanos;

    private boolean withSource;

    private boolean mended;

    private boolean repeated;

    private long pauseMillis = FIRST_PAUSE_MILLIS;

    ScriptCall(RedisScripts scripts, ScriptRequest<T> request, Observer<T> observer) {
        this.scripts = scripts;
        this.request = request;
        this.observer = observer;
        this.giveUpAtNanos = System.nanoTime() + scripts.commandTimeout().toNanos();
    }

    void send() {
        scripts.lane(request.partition()).send(this);
    }

    @Override
    public CompletionStage<T> dispatch() {
        CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        Script script = request.script();
        arguments.add(withSource ? script.source() : script.digest());
        arguments.add(request.keys().length);
        for (byte[] key : request.keys()) {
            arguments.addKey(key);
        }
        for (byte[] argument : request.arguments()) {
            arguments.add(argument);
        }
        CommandType command = withSource ? CommandType.EVAL : CommandType.EVALSHA;
        try {
            return scripts.link()
                    .commands(request.partition())
                    .dispatch(command, request.output().get(), arguments);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void sendSource() {
        withSource = true;
    }

    @Override
    public void overflowed() {
        fail(Failure.DISCONNECTED, new RejectedExecutionException("too many calls wait for Redis already"));
    }

    @Override
    public void accept(@Nullable T result, @Nullable Throwable error) {
        Failure failure = error == null ? null : Failure.of(error);
        boolean unknownScript = failure == Failure.NOSCRIPT && !withSource;
        scripts.lane(request.partition()).ended(this, unknownScript);
        if (unknownScript) {
            return;
        }
        if (error == null || failure == null) {
            observer.succeeded(Objects.requireNonNull(result));
        } else {
            afterFailure(failure, error);
        }
    }

    private void afterFailure(Failure failure, Throwable error) {
        if (failure == Failure.WRONGTYPE && !mended) {
            mended = true;
            scripts.mend(request, this::send, mendFailure -> fail(failure, error));
        } else if (failure.isPassingRefusal() && System.nanoTime() + pauseMillis * 1_000_000 - giveUpAtNanos < 0) {
            sendLater(failure, error);
        } else if (failure.isUncertain() && request.repeatable() && !repeated) {
            repeated = true;
            giveUpAtNanos = System.nanoTime() + scripts.commandTimeout().toNanos();
            sendLater(failure, error);
        } else {
            fail(failure, error);
        }
    }

    private void sendLater(Failure failure, Throwable error) {
        try {
            scripts.scheduler().schedule(this::send, pauseMillis, TimeUnit.MILLISECONDS);
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        } catch (RejectedExecutionException e) {
            // The engine has stopped.
            fail(failure, error);
        }
    }

    private void fail(Failure failure, Throwable error) {
        scripts.statistics().countError(failure.kind());
        observer.failed(failure.toException(request.description(), scripts.commandTimeout(), error));
    }
}
