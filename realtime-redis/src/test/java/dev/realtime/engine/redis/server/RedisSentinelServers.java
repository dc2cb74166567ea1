package dev.realtime.engine.redis.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real primary with a replica, watched by three Sentinels, all on the loopback interface. Ready when the Sentinels
 * know each other and the replica is in sync. A primary is held for dead after two seconds: a busy machine may stand
 * still for one.
 */
public final class RedisSentinelServers implements RedisServers {

    /** Name that the Sentinels know the primary by. */
    public static final String MASTER_NAME = "mymaster";

    private static final Duration LONGEST_AGREEMENT = Duration.ofSeconds(60);

    private static final int SENTINELS = 3;

    private static final int QUORUM = 2;

    private final List<RedisServer> data = new ArrayList<>();

    private final List<RedisServer> sentinels = new ArrayList<>();

    private RedisSentinelServers(Builder settings) {
        try {
            RedisServer primary = settings.data.start();
            data.add(primary);
            data.add(settings.data
                    .copy()
                    .setting("replicaof", RedisServer.HOST + "\" \"" + primary.port())
                    .start());
            for (int sentinel = 0; sentinel < SENTINELS; sentinel++) {
                sentinels.add(sentinel(settings, primary).start());
            }
            awaitHealthy();
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private static RedisServer.Builder sentinel(Builder settings, RedisServer primary) {
        RedisServer.Builder sentinel = settings.sentinel
                .copy()
                .setting("sentinel monitor", MASTER_NAME + " " + RedisServer.HOST + " " + primary.port() + " " + QUORUM)
                .setting("sentinel down-after-milliseconds", MASTER_NAME + " " + settings.downAfter.toMillis())
                .setting("sentinel failover-timeout", MASTER_NAME + " " + 4 * settings.downAfter.toMillis());
        if (settings.data.password() != null) {
            sentinel.setting("sentinel auth-pass", MASTER_NAME + " " + settings.data.password());
        }
        if (settings.sentinel.password() != null) {
            sentinel.setting("sentinel sentinel-pass", settings.sentinel.password());
        }
        return sentinel;
    }

    /** Returns a builder with the settings of the servers. */
    public static Builder builder() {
        return new Builder();
    }

    /** Without passwords. */
    public static RedisSentinelServers started() {
        return builder().start();
    }

    /** Settings of both kinds of servers. */
    public static final class Builder {

        private final RedisServer.Builder data = RedisServer.builder().setting("repl-diskless-sync-delay", "0");

        // As built, Sentinels check their servers every ten seconds, and pause for thirty when the machine was
        // slow.
        private final RedisServer.Builder sentinel = RedisServer.builder()
                .sentinel()
                .afterStart(
                        "SENTINEL",
                        "DEBUG",
                        "info-period",
                        "200",
                        "publish-period",
                        "200",
                        "ask-period",
                        "200",
                        "min-link-reconnect-period",
                        "500",
                        "tilt-trigger",
                        "20000",
                        "tilt-period",
                        "1000");

        private Duration downAfter = Duration.ofSeconds(2);

        private Builder() {}

        /** Password, users and other settings of primary and replica. */
        public Builder data(Consumer<RedisServer.Builder> change) {
            change.accept(data);
            return this;
        }

        /** Password, users and other settings of the Sentinels. */
        public Builder sentinels(Consumer<RedisServer.Builder> change) {
            change.accept(sentinel);
            return this;
        }

        /** How long the primary may be silent: {@code down-after-milliseconds}. */
        public Builder downAfter(Duration downAfter) {
            this.downAfter = downAfter;
            return this;
        }

        /** Starts all servers; returns when they can be used. */
        public RedisSentinelServers start() {
            return new RedisSentinelServers(this);
        }
    }

    @Override
    public List<RedisServer> servers() {
        return Stream.concat(data.stream(), sentinels.stream()).toList();
    }

    /** The three Sentinels. */
    public List<RedisServer> sentinels() {
        return List.copyOf(sentinels);
    }

    /** Addresses of the Sentinels, as a comma-separated list of URIs. */
    public String seeds() {
        return sentinels.stream().map(RedisServer::uri).collect(Collectors.joining(","));
    }

    /** The primary that the first living Sentinel names. */
    public RedisServer primary() {
        RedisServer named = named(living(sentinels).get(0));
        if (named == null) {
            throw new IllegalStateException("The Sentinels name a primary that is none of " + data);
        }
        return named;
    }

    /** The other one. */
    public RedisServer replica() {
        RedisServer primary = primary();
        return data.stream().filter(server -> server != primary).findFirst().orElseThrow();
    }

    /**
     * Makes the replica take over ({@code SENTINEL FAILOVER}); returns it when all Sentinels name it. Asked for again
     * while it has no effect:
     * it is refused while an earlier one is not over, and a Sentinel that does not know of it yet may turn
     * the promoted server back into a replica.
     */
    public RedisServer failOver() {
        RedisServer old = primary();
        Eventually.provoked(
                "SENTINEL FAILOVER made another server than " + old + " the primary",
                LONGEST_AGREEMENT,
                () -> {
                    if (primary() == old && old.info("role").equals("master")) {
                        living(sentinels).get(0).execute("SENTINEL", "FAILOVER", MASTER_NAME);
                    }
                },
                () -> isNamedByAll(old),
                this::logs);
        return primary();
    }

    /** Kills the primary; returns it immediately. */
    public RedisServer killPrimary() {
        RedisServer primary = primary();
        primary.kill();
        return primary;
    }

    /** Returns when all living Sentinels name another primary that takes writes. */
    public RedisServer awaitPrimaryOtherThan(RedisServer old) {
        await("the Sentinels name another primary than " + old, () -> isNamedByAll(old));
        return primary();
    }

    /** Whether all living Sentinels name another primary than this one, and it takes writes. */
    private boolean isNamedByAll(RedisServer old) {
        return living(sentinels).stream()
                .map(this::named)
                .allMatch(now -> now != null && now != old && now.info("role").equals("master"));
    }

    /**
     * Returns when both data servers live, the replica is in sync, and all Sentinels say that a failover could be done.
     */
    public void awaitHealthy() {
        await("Sentinels and replica are ready", () -> {
            RedisServer primary = primary();
            return primary.info("role").equals("master")
                    && replica().info("master_link_status").equals("up")
                    && replica().info("master_port").equals(Integer.toString(primary.port()))
                    && sentinels.stream().allMatch(sentinel -> named(sentinel) == primary && knowsAll(sentinel));
        });
    }

    private static boolean knowsAll(RedisServer sentinel) {
        List<?> master = (List<?>) sentinel.execute("SENTINEL", "MASTER", MASTER_NAME);
        return master != null
                && value(master, "flags").equals("master")
                && value(master, "num-slaves").equals("1")
                && value(master, "num-other-sentinels").equals(Integer.toString(SENTINELS - 1))
                && sentinel.execute("SENTINEL", "REPLICAS", MASTER_NAME) instanceof List<?> replicas
                && replicas.stream()
                        .allMatch(replica -> value((List<?>) replica, "flags").equals("slave")
                                && value((List<?>) replica, "master-link-status")
                                        .equals("ok"));
    }

    private static String value(List<?> pairs, String field) {
        return String.valueOf(pairs.get(pairs.indexOf(field) + 1));
    }

    private @Nullable RedisServer named(RedisServer sentinel) {
        List<?> address = (List<?>) sentinel.execute("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME);
        return data.stream()
                .filter(server ->
                        address != null && Integer.toString(server.port()).equals(address.get(1)))
                .findFirst()
                .orElse(null);
    }

    private static List<RedisServer> living(List<RedisServer> servers) {
        return servers.stream().filter(RedisServer::running).toList();
    }

    private void await(String what, BooleanSupplier condition) {
        Eventually.until(what, LONGEST_AGREEMENT, condition, this::logs);
    }

    @Override
    public String toString() {
        return "Redis " + data + " watched by " + sentinels;
    }
}
