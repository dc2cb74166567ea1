package dev.realtime.web;

import dev.realtime.statistics.ReachedLimit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log and count of refused handshakes. The log has the reason with the property that decides, for operators: as a
 * warning once a minute for each kind of reason that an operator can remove, at debug level otherwise.
 */
public final class RefusalLog {

    private static final Logger logger = LoggerFactory.getLogger(RefusalLog.class);

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final int MAX_VALUE_LENGTH = 200;

    private final Consumer<ReachedLimit> counter;

    private final LongSupplier nanoTime;

    /** Time of the last warning for each kind of reason. Guarded by itself. */
    private final Map<ReachedLimit, Long> warned = new EnumMap<>(ReachedLimit.class);

    /** @param counter counts refusals of this class; limits of the node count their own */
    public RefusalLog(Consumer<ReachedLimit> counter) {
        this(counter, System::nanoTime);
    }

    /** @param nanoTime clock of the pause between warnings */
    public RefusalLog(Consumer<ReachedLimit> counter, LongSupplier nanoTime) {
        this.counter = counter;
        this.nanoTime = nanoTime;
    }

    /**
     * Counts and logs a refusal.
     *
     * @param origin origin of the page; {@code null} if the request has none
     * @param authority host and port that the application sees; {@code null} if it sees none
     * @param upgrade whether the request has the header {@code Upgrade}
     */
    public void refused(
            HandshakeRefusal refusal,
            @Nullable String origin,
            @Nullable String authority,
            String path,
            boolean upgrade) {
        switch (refusal.status()) {
            case 403 -> {
                counter.accept(ReachedLimit.ORIGIN);
                log(
                        ReachedLimit.ORIGIN,
                        "Origin {} was refused: the request is for {}. Set `realtime.client.allowed-origins`, or"
                                + " `server.forward-headers-strategy` behind a proxy.",
                        printable(String.valueOf(origin)),
                        printable(String.valueOf(authority)));
            }
            case 503 ->
                log(
                        ReachedLimit.CONNECTION_LIMIT,
                        "A client was refused ({}): `realtime.client.connection-limit` or"
                                + " `realtime.client.connection-rate-limit` is reached, or the node is shutting down."
                                + " Path: {}",
                        refusal.status(),
                        printable(path));
            default -> {
                counter.accept(ReachedLimit.HANDSHAKE);
                if (upgrade) {
                    // The client is the cause, not a proxy, and it may send any number of these: no warning.
                    logger.debug("A handshake for {} was refused: {}.", printable(path), refusal.reason());
                } else {
                    log(
                            ReachedLimit.HANDSHAKE,
                            "A request for {} was refused, because it is no WebSocket handshake: {}. A proxy has to"
                                    + " pass the headers Upgrade and Connection on.",
                            printable(path),
                            refusal.reason());
                }
            }
        }
    }

    private void log(ReachedLimit kind, String format, Object first, Object second) {
        if (mayWarn(kind)) {
            logger.warn(format + " (Others of this kind are at debug level for a minute.)", first, second);
        } else {
            logger.debug(format, first, second);
        }
    }

    private boolean mayWarn(ReachedLimit kind) {
        long now = nanoTime.getAsLong();
        synchronized (warned) {
            Long last = warned.get(kind);
            if (last != null && now - last < QUIET_NANOS) {
                return false;
            }
            warned.put(kind, now);
            return true;
        }
    }

    /** Returns text of a client without line breaks and shortened, so that it can be logged. */
    private static String printable(String value) {
        String safe = value.replaceAll("\\p{Cntrl}", "?");
        return safe.length() <= MAX_VALUE_LENGTH ? safe : safe.substring(0, MAX_VALUE_LENGTH) + "...";
    }
}
