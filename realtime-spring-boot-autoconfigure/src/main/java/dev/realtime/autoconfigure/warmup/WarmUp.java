package dev.realtime.autoconfigure.warmup;

import dev.realtime.autoconfigure.RealtimeProperties;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NativeDetector;

/**
 * Warm-up of the server: a thread that plays clients of a private server until the compiler has little to do or the
 * time is over, while the start of the application waits. Nothing can connect before it ends, since all ports of the
 * application open later; Actuator shows readiness later still.
 *
 * <p>The application is closed immediately if that is requested in the meantime: Spring interrupts a start that waits
 * without a limit, which is why this one does; the thread has the limit. No failure stops the start.
 */
final class WarmUp implements SmartLifecycle {

    /** Between the node ({@code DEFAULT_PHASE - 3072}) and the first port of clients ({@code DEFAULT_PHASE - 2560}). */
    static final int PHASE = DEFAULT_PHASE - 2816;

    private static final Logger logger = LoggerFactory.getLogger(WarmUp.class);

    /** Loggers that would show the clients of the warm-up. */
    private static final String[] LOGGERS_OF_CLIENTS = {"dev.realtime.connection", "dev.realtime.command"};

    private final Duration limit;

    private final ConfigurableApplicationContext context;

    private final Supplier<@Nullable Compiler> compilers;

    private volatile @Nullable Traffic traffic;

    /** @param limit longest time; zero for no warm-up */
    WarmUp(Duration limit, ConfigurableApplicationContext context) {
        this(limit, context, Compiler::ofThisMachine);
    }

    /** @param compilers begins to observe the compiler; returns {@code null} if there is none */
    WarmUp(Duration limit, ConfigurableApplicationContext context, Supplier<@Nullable Compiler> compilers) {
        this.limit = limit;
        this.context = context;
        this.compilers = compilers;
    }

    /** Returns when the warm-up is over, at the latest a few seconds after its time. */
    @Override
    public void start() {
        Compiler compiler = compilers.get();
        if (compiler == null || showsClients()) {
            logger.debug("There is no warm-up: nothing compiles here, or debug logging would show its clients.");
            return;
        }
        Traffic playing = new Traffic(() -> Tokens.of(context), compiler, limit);
        Thread thread = new Thread(() -> play(playing), "realtime-warm-up");
        thread.setDaemon(true);
        traffic = playing;
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException closing) {
            // Not passed on: the start completes without waiting again, then the context closes.
            playing.end();
        } finally {
            traffic = null;
        }
    }

    private void play(Traffic traffic) {
        try {
            traffic.play();
            logger.debug("Warmed up with {} clients in {} ms", traffic.clients(), traffic.millis());
        } catch (Throwable failure) {
            if (!traffic.ended()) {
                logger.warn(
                        "The warm-up failed after {} clients. The server starts without the rest of it, so its first"
                                + " minute is slower. If this happens again, set `{}=off`.",
                        traffic.clients(),
                        RealtimeProperties.WARM_UP,
                        failure);
            }
        }
    }

    private static boolean showsClients() {
        for (String name : LOGGERS_OF_CLIENTS) {
            if (LoggerFactory.getLogger(name).isDebugEnabled()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void stop() {
        Traffic playing = traffic;
        if (playing != null) {
            playing.end();
        }
    }

    /** Returns whether the warm-up is in progress. */
    @Override
    public boolean isRunning() {
        return traffic != null;
    }

    /** Only before a real web server starts, and where code is compiled at run time. */
    @Override
    public boolean isAutoStartup() {
        return !limit.isZero() && context instanceof WebServerApplicationContext && !NativeDetector.inNativeImage();
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
