package dev.realtime.autoconfigure.token;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.CachingJWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import dev.realtime.auth.token.KeySource;
import dev.realtime.auth.token.KeysUnavailableException;
import dev.realtime.auth.token.TokenKey;
import dev.realtime.auth.token.TokenKeySet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Keys of a JSON Web Key Set that is fetched from one fixed place. Nimbus caches the set, refreshes it ahead of its end
 * and limits the rate of fetches; see {@link JWKSourceBuilder}.
 *
 * <p>Nimbus blocks the caller where it has to fetch. Clients must not wait for that, neither on an event loop nor in a
 * queue of threads, as long as the key that they need is known:
 *
 * <ol>
 *   <li>A key of the current set is returned immediately by the calling thread, which only reminds Nimbus to refresh a
 *       set older than {@link #REFRESH_AFTER} in the background. A place that hangs or fails changes nothing until the
 *       set is {@link #LIFE} old.
 *   <li>Otherwise, because the key id is unknown or there is no current set, one refresh at a time runs on the
 *       executor, and all that need it wait for its result.
 *   <li>A key id that is unknown while the set cannot be refreshed, or not yet again, may be that of a newer key. Such
 *       tokens fail with {@link KeysUnavailableException}: their clients try again.
 * </ol>
 *
 * <p>What tokens say decides whether the set is fetched, never from where. The outage tolerance of Nimbus is not used:
 * it presents the old set as a new one, so that a new key could not be distinguished from an invented one during an
 * outage.
 *
 * <p>Called by any thread. Lock: the monitor of this object, for the field {@code refresh} alone, never held across a
 * call.
 */
final class JwksKeys implements KeySource {

    /** Age from which on a set is refreshed in the background. */
    static final Duration REFRESH_AFTER = Duration.ofMinutes(15);

    /** Age up to which a set is used. */
    static final Duration LIFE = REFRESH_AFTER.plusHours(1);

    /** Time in which the set is fetched twice at most. */
    static final Duration RATE_LIMIT = Duration.ofSeconds(10);

    /** Time that a refresh waits for another one which is in progress. */
    private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(15);

    private static final Logger logger = LoggerFactory.getLogger(JwksKeys.class);

    /** Way to fetch the document. May block; bounds time and size itself. */
    @FunctionalInterface
    interface Fetch {

        String get() throws IOException;
    }

    /** A set and the end of its life, in the milliseconds of {@link #now()}. */
    private record Known(TokenKeySet keys, long endMillis) {}

    private final String place;

    private final Fetch fetch;

    private final ExecutorService executor;

    private final LongSupplier nanoTime;

    private final long startNanos;

    private final JWKSetSource<SecurityContext> source;

    /** The set that was fetched last. Written by the thread that holds the lock of the Nimbus cache. */
    private @Nullable Known fetched;

    /** The set that the Nimbus cache holds; {@code null} before the first. */
    private volatile @Nullable Known known;

    /** The refresh in progress; {@code null} if there is none. */
    private @Nullable Mono<TokenKeySet> refresh;

    /**
     * Creates a source of keys. Nothing is fetched before the first token needs a key.
     *
     * @param place of the set, for messages
     * @param executor runs the fetches: at most one refresh for tokens and one in the background
     * @param nanoTime a clock that only goes forward
     */
    JwksKeys(String place, Fetch fetch, ExecutorService executor, LongSupplier nanoTime) {
        this.place = place;
        this.fetch = fetch;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        JWKSetBasedJWKSource<SecurityContext> cached =
                (JWKSetBasedJWKSource<SecurityContext>) JWKSourceBuilder.create(new Fetched())
                        .cache(LIFE.toMillis(), REFRESH_TIMEOUT.toMillis())
                        .refreshAheadCache(
                                LIFE.minus(REFRESH_AFTER).toMillis(), this::onCacheEvent, executor, false, null, false)
                        .rateLimited(RATE_LIMIT.toMillis())
                        .build();
        this.source = cached.getJWKSetSource();
    }

    /** Returns the time that Nimbus is given: it only goes forward, unlike that of the wall clock. */
    private long now() {
        return (nanoTime.getAsLong() - startNanos) / 1_000_000;
    }

    @Override
    public Mono<List<TokenKey>> keys(String algorithm, String keyId) {
        if (!TokenKeySet.ALGORITHMS.contains(algorithm)) {
            return Mono.just(List.of());
        }
        return Mono.defer(() -> {
            long now = now();
            Known last = known;
            TokenKeySet current = last != null && now < last.endMillis() ? last.keys() : null;
            List<TokenKey> found = current == null ? List.of() : current.find(algorithm, keyId);
            if (!found.isEmpty()) {
                refreshAhead(now);
                return Mono.just(found);
            }
            Mono<List<TokenKey>> newer = refreshed(current).map(keys -> keys.find(algorithm, keyId));
            // Without an id nothing shows that the token is signed by a newer key.
            return current != null && keyId.isEmpty()
                    ? newer.onErrorResume(KeysUnavailableException.class, e -> Mono.just(found))
                    : newer;
        });
    }

    /** Has Nimbus refresh an old set in the background. Does not block, since the set is current. */
    private void refreshAhead(long now) {
        try {
            source.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), now, null);
        } catch (KeySourceException | RuntimeException notNow) {
            logger.debug("The keys of tokens from {} are not refreshed now: {}", place, notNow.toString());
        }
    }

    /**
     * Returns a newer set than the given one.
     *
     * @param current in which a key was not found; {@code null} if there is no current set
     */
    private Mono<TokenKeySet> refreshed(@Nullable TokenKeySet current) {
        Sinks.One<TokenKeySet> result = Sinks.one();
        synchronized (this) {
            if (refresh != null) {
                return refresh;
            }
            refresh = result.asMono();
        }
        try {
            executor.execute(() -> refresh(current, result));
        } catch (RuntimeException stopped) {
            finish(result, null, unavailable("the server is stopping"));
        }
        return result.asMono();
    }

    private void refresh(@Nullable TokenKeySet current, Sinks.One<TokenKeySet> result) {
        TokenKeySet newer = null;
        KeysUnavailableException failure = unavailable("the attempt failed");
        try {
            source.getJWKSet(
                    current == null
                            ? JWKSetCacheRefreshEvaluator.noRefresh()
                            : JWKSetCacheRefreshEvaluator.referenceComparison(current.keySet()),
                    now(),
                    null);
            Known last = known;
            newer = last == null ? null : last.keys();
        } catch (RateLimitReachedException tooOften) {
            failure = unavailable("it was fetched a moment ago");
        } catch (KeySourceException logged) {
            // The fetch has logged the cause.
        } catch (Throwable unexpected) {
            logger.error("The keys of tokens could not be refreshed from {}.", place, unexpected);
        } finally {
            finish(result, newer, failure);
        }
    }

    private void finish(
            Sinks.One<TokenKeySet> result, @Nullable TokenKeySet newer, KeysUnavailableException otherwise) {
        synchronized (this) {
            refresh = null;
        }
        if (newer == null) {
            result.tryEmitError(otherwise);
        } else {
            result.tryEmitValue(newer);
        }
    }

    private KeysUnavailableException unavailable(String why) {
        return new KeysUnavailableException("no current set of the keys of tokens from " + place + ": " + why);
    }

    /** Publishes a set when the cache holds it, so that no reader waits for the cache. */
    private void onCacheEvent(Object event) {
        if (event instanceof CachingJWKSetSource.RefreshCompletedEvent) {
            known = fetched;
        }
    }

    /** Source that Nimbus caches. */
    private final class Fetched implements JWKSetSource<SecurityContext> {

        @Override
        public JWKSet getJWKSet(
                JWKSetCacheRefreshEvaluator evaluator, long currentTime, @Nullable SecurityContext context)
                throws KeySourceException {
            try {
                TokenKeySet keys = TokenKeySet.parse(fetch.get());
                fetched = new Known(keys, currentTime + LIFE.toMillis());
                logger.debug("Fetched the keys of tokens from {}: {} can be used", place, keys.size());
                return keys.keySet();
            } catch (IOException | IllegalArgumentException failed) {
                logger.warn(
                        "The keys of tokens could not be fetched from {}: {}. Those known are used until they are {}"
                                + " minutes old. Check the address in `jwks-public-endpoint`.",
                        place,
                        failed.toString(),
                        LIFE.toMinutes());
                throw new JWKSetUnavailableException("The key set could not be fetched.", failed);
            }
        }

        @Override
        public void close() {
            // Nothing is open between fetches.
        }
    }
}
