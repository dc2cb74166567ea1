package dev.realtime.autoconfigure.webflux;

import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.autoconfigure.web.RealtimeServerProperties.Transport;
import dev.realtime.failure.ConfigurationProblemException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.netty.resources.LoopResources;

/**
 * Event loops for the network transport that {@code realtime.server.transport} names. Reactor Netty itself always takes
 * the first that is available of io_uring, epoll and NIO, so the others have loops that are created here.
 */
public final class TransportLoops {

    private static final String IO_URING = "io.netty.channel.uring.IoUring";

    private TransportLoops() {}

    /**
     * Creates loops, which the caller disposes of.
     *
     * @param prefix first part of the names of their threads, which are daemons
     * @param loops number of loops
     * @throws ConfigurationProblemException if the transport is not available
     */
    public static LoopResources create(Transport transport, String prefix, int loops) {
        return switch (transport) {
            case AUTO -> LoopResources.create(prefix, loops, true);
            case IO_URING -> {
                whyNoIoUring().ifPresent(reason -> {
                    throw unavailable(transport, reason);
                });
                yield new Native(LoopResources.create(prefix, loops, true));
            }
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw unavailable(transport, message(Epoll.unavailabilityCause()));
                }
                yield new Created(prefix + "-epoll", loops, EpollIoHandler.newFactory());
            }
            case NIO -> new Created(prefix + "-nio", loops, NioIoHandler.newFactory());
        };
    }

    /** Returns why io_uring cannot be used; empty if it can. Its library is one that applications add. */
    private static Optional<String> whyNoIoUring() {
        try {
            Class<?> type = ClassUtils.forName(IO_URING, TransportLoops.class.getClassLoader());
            Throwable cause = (Throwable) type.getMethod("unavailabilityCause").invoke(null);
            return cause == null ? Optional.empty() : Optional.of(message(cause));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.of("the class path lacks io.netty:netty-transport-native-io_uring");
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return Optional.of(message(e));
        }
    }

    private static String message(@Nullable Throwable cause) {
        Throwable deepest = cause;
        while (deepest != null && deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest);
    }

    private static ConfigurationProblemException unavailable(Transport transport, String reason) {
        String name = transport.name().toLowerCase(Locale.ROOT);
        String property = RealtimeServerProperties.TRANSPORT;
        return new ConfigurationProblemException(
                property,
                "`%s` is `%s`, which is not available here: %s.".formatted(property, name, reason),
                transport == Transport.IO_URING
                        ? ("Add io.netty:netty-transport-native-io_uring with the classifier of the platform, such as"
                                        + " linux-x86_64, and permit io_uring (`kernel.io_uring_disabled`, the seccomp"
                                        + " profile of the container), or set `%s` to `auto`.")
                                .formatted(property)
                        : "Set `%s` to `auto`.".formatted(property));
    }

    /** Loops of Reactor Netty that are native even with {@code -Dreactor.netty.native=false}. */
    private record Native(LoopResources loops) implements LoopResources {

        @Override
        public EventLoopGroup onServer(boolean useNative) {
            return loops.onServer(true);
        }

        @Override
        public EventLoopGroup onServerSelect(boolean useNative) {
            return loops.onServerSelect(true);
        }

        @Override
        public EventLoopGroup onClient(boolean useNative) {
            return loops.onClient(true);
        }

        @Override
        public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
            return loops.disposeLater(quietPeriod, timeout);
        }
    }

    /** Loops of one transport. */
    private static final class Created implements LoopResources {

        private final EventLoopGroup group;

        Created(String prefix, int loops, IoHandlerFactory transport) {
            this.group = new MultiThreadIoEventLoopGroup(loops, LoopThread.factory(prefix), transport);
        }

        @Override
        public EventLoopGroup onServer(boolean useNative) {
            return group;
        }

        @Override
        public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
            return Mono.create(
                    sink -> group.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                            .addListener(terminated -> sink.success()));
        }
    }

    /** Thread of a loop, on which Reactor refuses to block. */
    private static final class LoopThread extends FastThreadLocalThread implements NonBlocking {

        private LoopThread(Runnable loop, String name) {
            super(loop, name);
            setDaemon(true);
        }

        static ThreadFactory factory(String prefix) {
            AtomicInteger number = new AtomicInteger();
            return loop -> new LoopThread(loop, prefix + '-' + number.incrementAndGet());
        }
    }
}
