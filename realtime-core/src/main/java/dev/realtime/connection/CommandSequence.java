package dev.realtime.connection;

import dev.realtime.emulation.EmulatedSession;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.loop.ConnectionLoop;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.CommandReader;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.Direction;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.WireBody;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Commands of one client and what the server does to it, strictly one after another: while one waits for a result, the
 * next is not begun, and the transport stops reading, so that at most one more frame waits in memory. Frames that come
 * apart from the transport are bounded by their {@link EmulatedSession}. Touched on the executor of the connection
 * only.
 */
public final class CommandSequence {

    private final Transport transport;

    private final WireBody body;

    private final ProtocolLimits limits;

    private final Consumer<Command> onCommand;

    private final Consumer<MalformedFrameException> onMalformed;

    private final IntConsumer onBegun;

    private final FailureOwner owner;

    private final ConnectionLoop loop;

    private final Queue<byte[]> frames = new ArrayDeque<>(2);

    /** What the server wants to do, as soon as the command in progress is done. */
    private final Queue<Runnable> tasks = new ArrayDeque<>(2);

    private @Nullable CommandReader reader;

    /** Results that are waited for. */
    private int awaited;

    /** The check of a permission that waits for its result, {@code null} if none does. */
    private @Nullable Subscription asked;

    /** Whether a result could not be handed to the executor, so that it never comes; by any thread. */
    private volatile boolean answerLost;

    private boolean running;

    private boolean stopped;

    private boolean paused;

    /**
     * @param onBegun called with the length of each frame that is about to be read
     * @param loop measures the time limits of results that are waited for, and lends arrays
     */
    CommandSequence(
            Transport transport,
            ProtocolLimits limits,
            Consumer<Command> onCommand,
            Consumer<MalformedFrameException> onMalformed,
            IntConsumer onBegun,
            FailureOwner owner,
            ConnectionLoop loop) {
        this.transport = transport;
        this.body = transport.wireForm().body();
        this.limits = limits;
        this.onCommand = onCommand;
        this.onMalformed = onMalformed;
        this.onBegun = onBegun;
        this.owner = owner;
        this.loop = loop;
    }

    /** Takes a frame of the client. */
    void offer(byte[] frame) {
        if (!stopped) {
            frames.add(frame);
            run();
        }
    }

    /**
     * Takes a frame of the client from its transport, which keeps the buffer. Where nothing waits it is read in an
     * array of the loop; only what is left of it when a command waits is copied.
     */
    void offer(ByteBuf frame) {
        if (stopped) {
            return;
        }
        int length = frame.readableBytes();
        byte[] array = isIdle() && body.direction() == Direction.BIDIRECTIONAL ? loop.borrow(length) : null;
        if (array == null) {
            byte[] own = new byte[length];
            frame.getBytes(frame.readerIndex(), own);
            offer(own);
            return;
        }
        try {
            frame.getBytes(frame.readerIndex(), array, 0, length);
            onBegun.accept(length);
            reader = transport.wireForm().codec().read(array, 0, length, limits);
            run();
            if (reader != null) {
                reader.keep();
            }
        } catch (Throwable failure) {
            // Nothing must be read from an array that another client's frame will be in.
            reader = null;
            Boundary.end(Place.COMMAND, owner, failure);
        } finally {
            loop.giveBack(array);
        }
    }

    private boolean isIdle() {
        return awaited == 0 && !running && reader == null && frames.isEmpty() && tasks.isEmpty();
    }

    /** Runs something of the server now, or when the command in progress is done. */
    public void run(Runnable task) {
        if (!stopped) {
            tasks.add(task);
            run();
        }
    }

    /**
     * Reads no further command and forgets what waits. Results that are still awaited are handed over, checks of
     * permissions are cancelled.
     */
    void stop() {
        stopped = true;
        frames.clear();
        tasks.clear();
        reader = null;
        throttle();
        Subscription question = asked;
        asked = null;
        if (question != null) {
            question.cancel();
        }
    }

    /** Returns whether a result is waited for, so that what the client sends is not read. */
    boolean isWaiting() {
        return awaited > 0 && !answerLost;
    }

    /**
     * Waits for a result before the next command. {@code then} gets the value ({@code null} if there is none) or the
     * error, on the executor of the connection, also when the connection has ended meanwhile. What is thrown instead of
     * signalled is an error like any other.
     *
     * <p>A result that is a value already, or that is computed on the thread that asks for it, is handed over before
     * this method returns, without a subscription.
     */
    public <T> void await(Mono<T> answer, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        awaited++;
        if (answer instanceof Callable<?>) {
            handOver(answer, then);
            return;
        }
        Answer<T> awaitedAnswer = new Answer<>(then);
        try {
            answer.subscribe(awaitedAnswer);
        } catch (Throwable failure) {
            awaitedAnswer.onError(failure);
        }
    }

    /**
     * Waits for the check of a permission, as {@link #await} does. Nothing depends on the result but
     * what the client wants next, so the question is cancelled when the sequence stops, and {@code then} may not be
     * called.
     */
    public <T> void ask(Mono<T> question, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        if (question instanceof Callable<?>) {
            await(question, then);
            return;
        }
        await(question.doOnSubscribe(subscription -> asked = subscription), (answer, error) -> {
            asked = null;
            then.accept(answer, error);
        });
    }

    /** Hands over the result of a {@code Mono} that Reactor lets be called: a value, an error or a function. */
    @SuppressWarnings("unchecked")
    private <T> void handOver(Mono<T> known, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        T value = null;
        Throwable error = null;
        try {
            value = ((Callable<@Nullable T>) known).call();
        } catch (Throwable failure) {
            error = Exceptions.unwrap(failure);
        }
        handOver(value, error, then);
    }

    private <T> void handOver(
            @Nullable T value, @Nullable Throwable error, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        try {
            then.accept(value, error);
        } catch (Throwable failure) {
            Boundary.end(Place.ANSWER, owner, failure);
        } finally {
            answered();
        }
    }

    private void answered() {
        awaited--;
        run();
    }

    private void run() {
        if (running) {
            return;
        }
        running = true;
        try {
            while (awaited == 0 && !stopped && step()) {
                // One step after another, until something waits or nothing is left.
            }
        } catch (Throwable failure) {
            Boundary.end(Place.COMMAND, owner, failure);
        } finally {
            running = false;
        }
        try {
            throttle();
        } catch (Throwable failure) {
            Boundary.end(Place.COMMAND, owner, failure);
        }
    }

    private boolean step() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
            return true;
        }
        CommandReader current = reader;
        if (current == null) {
            byte[] frame = frames.poll();
            if (frame == null) {
                return false;
            }
            onBegun.accept(frame.length);
            current = body.read(frame, limits);
            reader = current;
        }
        try {
            Command command = current.next();
            if (command == null) {
                reader = null;
            } else {
                onCommand.accept(command);
            }
        } catch (MalformedFrameException e) {
            stop();
            onMalformed.accept(e);
        }
        return true;
    }

    private void throttle() {
        boolean pause = awaited > 0 && !stopped;
        if (pause != paused) {
            paused = pause;
            if (pause) {
                transport.pauseReading();
            } else {
                transport.resumeReading();
            }
        }
    }

    private final class Answer<T> implements CoreSubscriber<T> {

        private final BiConsumer<@Nullable T, @Nullable Throwable> then;

        private @Nullable T value;

        private @Nullable Throwable error;

        /** Whether it was processed: what was thrown may be followed by a signal. Touched on the executor only. */
        private boolean handedOver;

        Answer(BiConsumer<@Nullable T, @Nullable Throwable> then) {
            this.then = then;
        }

        @Override
        public Context currentContext() {
            return CallbackDeadline.measuredBy(loop.wheel());
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(T value) {
            this.value = value;
        }

        @Override
        public void onError(Throwable error) {
            this.error = error;
            onComplete();
        }

        @Override
        public void onComplete() {
            if (transport.executor().inEventLoop()) {
                handOver();
            } else {
                handOverLater();
            }
        }

        private void handOverLater() {
            try {
                Boundary.execute(transport.executor(), this::handOver);
            } catch (Throwable failure) {
                Boundary.caught(Place.ANSWER, owner, failure);
                answerLost = true;
            }
        }

        private void handOver() {
            if (handedOver) {
                return;
            }
            handedOver = true;
            CommandSequence.this.handOver(value, error, then);
        }
    }
}
