package dev.realtime.engine.redis.start;

import dev.realtime.engine.redis.driver.RedisVersions;
import dev.realtime.engine.redis.driver.ServerFacts;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Check, over short-lived connections, that Redis matches the configuration: a mistake that would otherwise show when
 * the first client subscribes ends the start with a {@link RedisStartException}. What a server refuses to report is
 * assumed to be right. Never blocks.
 */
public final class StartCheck {

    private static final Logger logger = LoggerFactory.getLogger(StartCheck.class);

    private final RedisEngineOptions options;

    private final RedisAddresses addresses;

    private final StartAttempts attempts;

    private final StartupMessages problems;

    private final AbstractRedisClient client;

    /**
     * @param client whose options and resources are used; its own connections are not
     * @param addresses that it was made with
     * @param scheduler of pauses between attempts
     */
    public StartCheck(
            AbstractRedisClient client, RedisEngineOptions options, RedisAddresses addresses, Scheduler scheduler) {
        this.client = client;
        this.options = options;
        this.addresses = addresses;
        this.attempts = new StartAttempts(options, scheduler);
        this.problems = new StartupMessages(addresses, options);
    }

    /**
     * Completes as soon as everything was found as described. Tries again while that may help: for
     * {@link RedisEngineOptions#startTimeout()}, then fails with a {@link RedisStartException}; with
     * {@link RedisEngineOptions#waitForRedis()} until it is cancelled, whatever the problem.
     *
     * @param problem receives each failed attempt that is followed by another one
     */
    public Mono<Void> run(Consumer<RedisStartException> problem) {
        if (addresses.uris().isEmpty()) {
            return Mono.empty();
        }
        return Mono.using(
                () -> new StartProbe(client, options, problems),
                probe -> attempts.repeat(Mono.defer(() -> once(probe)), problem),
                StartProbe::close);
    }

    private Mono<Void> once(StartProbe probe) {
        return switch (options.topology()) {
            case STANDALONE ->
                all(addresses.uris(), uri -> probe.server(uri).flatMap(facts -> judgeServer(probe, uri, facts)));
            case CLUSTER ->
                all(addresses.uris(), uri -> probe.server(uri).flatMap(facts -> judgeNode(probe, uri, facts)));
            case SENTINEL -> sentinel(probe, addresses.uris().get(0));
        };
    }

    private Mono<Void> judgeServer(StartProbe probe, RedisURI uri, ServerFacts facts) {
        if (facts.isCluster()) {
            return Mono.error(problems.clusterNode(uri));
        }
        if (facts.isSentinel()) {
            return probe.primaryNames(uri).flatMap(names -> Mono.error(problems.sentinel(uri, names)));
        }
        if (facts.replica()) {
            return Mono.error(problems.replica(uri));
        }
        return judgeAny(probe, uri, facts);
    }

    private Mono<Void> judgeNode(StartProbe probe, RedisURI uri, ServerFacts facts) {
        if (facts.isSentinel()) {
            return probe.primaryNames(uri).flatMap(names -> Mono.error(problems.sentinel(uri, names)));
        }
        if (facts.isStandalone()) {
            return Mono.error(problems.singleServer(uri));
        }
        return judgeAny(probe, uri, facts);
    }

    private Mono<Void> judgeAny(StartProbe probe, RedisURI uri, ServerFacts facts) {
        int required = options.pubSub() == PubSubMode.SHARDED ? RedisVersions.SHARDED : RedisVersions.REQUIRED;
        if (facts.isOlderThan(required)) {
            return Mono.error(problems.tooOld(uri, facts, required));
        }
        warnOfEviction(uri, facts);
        return probe.rights(uri, facts);
    }

    private static void warnOfEviction(RedisURI uri, ServerFacts facts) {
        String policy = facts.evictionPolicy();
        if (policy != null && !policy.equals("noeviction")) {
            logger.warn(
                    "Redis at {} has `maxmemory-policy {}`: when memory runs short it removes history, presence and"
                            + " positions of channels without notice, and clients are notified that they missed"
                            + " something. Set it to `noeviction` and alert on memory.",
                    StartupMessages.at(uri),
                    policy);
        }
    }

    private Mono<Void> sentinel(StartProbe probe, RedisURI uri) {
        return all(
                uri.getSentinels(),
                sentinel -> probe.server(sentinel, true)
                        .flatMap(facts -> facts.isSentinel() || facts.mode() == null
                                ? probe.primary(sentinel, uri)
                                : Mono.error(problems.notASentinel(
                                        sentinel,
                                        facts.isCluster() ? RedisTopology.CLUSTER : RedisTopology.STANDALONE)))
                        .flatMap(
                                primary -> probe.server(primary).flatMap(facts -> judgeServer(probe, primary, facts))));
    }

    /** Fails if any address shows a mistake, or if none can be reached; that some cannot is nothing unusual. */
    private static Mono<Void> all(List<RedisURI> uris, Function<RedisURI, Mono<Void>> check) {
        return Flux.fromIterable(uris)
                .flatMap(uri -> check.apply(uri)
                        .thenReturn(Optional.<RedisStartException>empty())
                        .onErrorResume(
                                RedisStartException.class,
                                failure -> failure.temporary() ? Mono.just(Optional.of(failure)) : Mono.error(failure)))
                .collectList()
                .flatMap(failures -> !failures.isEmpty() && failures.stream().allMatch(Optional::isPresent)
                        ? Mono.error(failures.get(0).orElseThrow())
                        : Mono.empty());
    }
}
