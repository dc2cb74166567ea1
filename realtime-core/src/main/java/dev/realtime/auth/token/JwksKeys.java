package dev.realtime.auth.token;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Keys of one JSON Web Key Set that is fetched from a fixed place and kept for a while.
 *
 * <p>What tokens say decides whether the set is fetched again, never from where: a key id that is not in it may be that
 * of a new key. So that tokens with invented ids cannot make this server call another one at will, there is one fetch
 * at a time and a pause after each. A set that is no longer current serves while a newer one is fetched, and a while
 * longer if that fails; then clients are asked to try again, since nothing is wrong with their tokens. So are those
 * that come during the pause with a key id that is not in the set: it may be that of a key which is newer than the set.
 *
 * <p>Called by any thread. Lock: the monitor of this object, for the fields alone, never held across a call.
 */
public final class JwksKeys implements KeySource {

    /** Largest document in bytes that counts; one key takes about 500. */
    public static final int MAX_DOCUMENT_BYTES = 262_144;

    /** How long a set counts as current. */
    static final Duration LIFE = Duration.ofMinutes(15);

    /** How much longer it serves while no newer one can be fetched. */
    static final Duration OUTAGE = Duration.ofHours(1);

    /** Pause between fetches that tokens with unknown key ids cause. */
    static final Duration COOL_DOWN = Duration.ofSeconds(30);

    /** Pause after the end of a fetch that failed. */
    static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    /** Longest time a fetch may take. */
    static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);

    private static final Set<String> ALGORITHMS = Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA");

    private static final Logger logger = LoggerFactory.getLogger(JwksKeys.class);

    private final String place;

    private final Supplier<Mono<byte[]>> fetch;

    private final LongSupplier nanoTime;

    private final Scheduler scheduler;

    /** The last set fetched; {@code null} before the first. */
    private @Nullable JwksDocument document;

    private long fetchedAtNanos;

    /** When a fetch began last, or failed if it did; meaningless before the first. */
    private long triedAtNanos;

    private boolean tried;

    private boolean failed;

    /** The fetch under way; {@code null} if there is none. */
    private @Nullable Mono<JwksDocument> underWay;

    /**
     * Keys that are not fetched before the first token asks for them.
     *
     * @param place of the set, for messages
     * @param fetch gives the document; bounds its size itself
     * @param nanoTime a clock that only goes forward
     * @param scheduler measures the time limit of a fetch
     */
    public JwksKeys(String place, Supplier<Mono<byte[]>> fetch, LongSupplier nanoTime, Scheduler scheduler) {
        this.place = place;
        this.fetch = fetch;
        this.nanoTime = nanoTime;
        this.scheduler = scheduler;
    }

    @Override
    public Mono<List<TokenKey>> keys(String algorithm, String keyId) {
        if (!ALGORITHMS.contains(algorithm)) {
            return Mono.just(List.of());
        }
        return Mono.defer(() -> {
            JwksDocument current = usable(LIFE);
            JwksDocument known = current == null ? usable(LIFE.plus(OUTAGE)) : current;
            List<TokenKey> found = known == null ? List.of() : known.find(algorithm, keyId);
            if (!found.isEmpty()) {
                if (current == null) {
                    // Nobody waits for it: a place that does not answer must not keep clients with known keys waiting.
                    fetchOnce().subscribe(newer -> {}, error -> {});
                }
                return Mono.just(found);
            }
            if (current != null && isPaused(COOL_DOWN)) {
                return keyId.isEmpty() ? Mono.just(found) : Mono.error(unavailable("it was fetched a moment ago"));
            }
            return fetched().map(newer -> newer.find(algorithm, keyId));
        });
    }

    private synchronized @Nullable JwksDocument usable(Duration life) {
        boolean old = nanoTime.getAsLong() - fetchedAtNanos > life.toNanos();
        return old ? null : document;
    }

    private synchronized boolean isPaused(Duration pause) {
        return tried && nanoTime.getAsLong() - triedAtNanos < pause.toNanos();
    }

    /** A new set; the last one if that fails and it is not too old. */
    private Mono<JwksDocument> fetched() {
        return fetchOnce().onErrorResume(error -> {
            JwksDocument last = usable(LIFE.plus(OUTAGE));
            return last == null ? Mono.error(error) : Mono.just(last);
        });
    }

    private Mono<JwksDocument> fetchOnce() {
        Sinks.One<JwksDocument> result;
        synchronized (this) {
            if (underWay != null) {
                return underWay;
            }
            if (failed && isPaused(RETRY_DELAY)) {
                return Mono.error(unavailable("the last attempt failed a moment ago"));
            }
            result = Sinks.one();
            underWay = result.asMono();
            triedAtNanos = nanoTime.getAsLong();
            tried = true;
        }
        Mono<JwksDocument> asMono = result.asMono();
        // On its own: whoever waits may give up, the next one profits.
        Mono.defer(fetch)
                .timeout(FETCH_TIMEOUT, scheduler)
                .map(JwksDocument::parse)
                .switchIfEmpty(Mono.error(() -> new IllegalArgumentException("nothing was answered")))
                .subscribe(newer -> succeeded(newer, result), error -> failed(error, result));
        return asMono;
    }

    private void succeeded(JwksDocument newer, Sinks.One<JwksDocument> result) {
        synchronized (this) {
            document = newer;
            fetchedAtNanos = nanoTime.getAsLong();
            failed = false;
            underWay = null;
        }
        logger.debug(
                "Fetched the keys of tokens from {}: {} can be used",
                place,
                newer.keys().size());
        result.tryEmitValue(newer);
    }

    private void failed(Throwable error, Sinks.One<JwksDocument> result) {
        synchronized (this) {
            failed = true;
            triedAtNanos = nanoTime.getAsLong();
            underWay = null;
        }
        logger.warn(
                "The keys of tokens could not be fetched from {}, and will be tried again when a token needs them, in {}"
                        + " seconds at the earliest: {}",
                place,
                RETRY_DELAY.toSeconds(),
                error.toString());
        result.tryEmitError(unavailable("the attempt failed"));
    }

    private KeysUnavailableException unavailable(String why) {
        return new KeysUnavailableException("no current set of the keys of tokens from " + place + ": " + why);
    }
}
