package dev.realtime.autoconfigure.redis;

import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.failure.ConfigurationProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.WithAuthentication;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.util.StringUtils;

/** Mapping of {@code realtime.redis.*} to a target. Refuses contradictions. */
final class RedisTargetMapper {

    static final String ADDRESS = RealtimeRedisProperties.PREFIX + "address";

    static final String CLUSTER_ADDRESS = RealtimeRedisProperties.PREFIX + "cluster-address";

    static final String SENTINEL_ADDRESS = RealtimeRedisProperties.PREFIX + "sentinel-address";

    private static final String MASTER_NAME = RealtimeRedisProperties.PREFIX + "sentinel-master-name";

    private static final String SSL_ENABLED = RealtimeRedisProperties.PREFIX + "ssl.enabled";

    private static final String SSL_BUNDLE = RealtimeRedisProperties.PREFIX + "ssl.bundle";

    private static final int PORT = 6379;

    private static final int SENTINEL_PORT = 26379;

    private final RealtimeRedisProperties redis;

    private final @Nullable SslBundles bundles;

    RedisTargetMapper(RealtimeRedisProperties redis, @Nullable SslBundles bundles) {
        this.redis = redis;
        this.bundles = bundles;
    }

    /**
     * Returns the target, or empty if no address is set.
     *
     * @throws ConfigurationProblemException if a value is refused, by itself or beside another one
     */
    Optional<RedisTarget> target() {
        List<String> set = new ArrayList<>();
        if (StringUtils.hasText(redis.address())) {
            set.add(ADDRESS);
        }
        if (!redis.clusterAddress().isEmpty()) {
            set.add(CLUSTER_ADDRESS);
        }
        if (!redis.sentinelAddress().isEmpty()) {
            set.add(SENTINEL_ADDRESS);
        }
        refuseTwoKinds(set);
        refuseUnusedSentinelSettings(set);
        refuseNameWithoutPassword("username", redis.username(), "password", redis.password());
        refuseNameWithoutPassword(
                "sentinel-username", redis.sentinelUsername(), "sentinel-password", redis.sentinelPassword());
        if (set.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (set.get(0)) {
                    case ADDRESS -> standalone();
                    case CLUSTER_ADDRESS -> cluster();
                    default -> sentinel();
                });
    }

    private RedisTarget standalone() {
        if (redis.address().contains(",")) {
            throw new ConfigurationProblemException(
                    ADDRESS,
                    "`%s` holds several addresses, but it is for a single server.".formatted(ADDRESS),
                    "Set `%s` for a Redis Cluster, or `%s` for Sentinel; of separate servers name only one."
                            .formatted(CLUSTER_ADDRESS, SENTINEL_ADDRESS));
        }
        List<RedisAddress> addresses = parse(ADDRESS, List.of(redis.address()), PORT);
        RedisAddress address = addresses.get(0);
        RedisStandaloneConfiguration configuration = new RedisStandaloneConfiguration(address.host(), address.port());
        configuration.setDatabase(database(ADDRESS, addresses));
        authenticate(configuration, ADDRESS, addresses);
        return new RedisTarget(
                Source.PROPERTIES, RedisTopology.STANDALONE, configuration, tls(ADDRESS, addresses), bundle());
    }

    private RedisTarget cluster() {
        List<RedisAddress> addresses = parse(CLUSTER_ADDRESS, redis.clusterAddress(), PORT);
        int database = database(CLUSTER_ADDRESS, addresses);
        if (database != 0) {
            throw new ConfigurationProblemException(
                    RealtimeRedisProperties.PREFIX + "database",
                    "Database %d is set, but a Redis Cluster (`%s`) has only database 0."
                            .formatted(database, CLUSTER_ADDRESS),
                    "Remove it. To keep applications apart in one cluster, give each its own `realtime.redis.prefix`.");
        }
        RedisClusterConfiguration configuration = new RedisClusterConfiguration();
        configuration.setClusterNodes(nodes(addresses));
        authenticate(configuration, CLUSTER_ADDRESS, addresses);
        return new RedisTarget(
                Source.PROPERTIES, RedisTopology.CLUSTER, configuration, tls(CLUSTER_ADDRESS, addresses), bundle());
    }

    private RedisTarget sentinel() {
        if (!StringUtils.hasText(redis.sentinelMasterName())) {
            throw new ConfigurationProblemException(
                    MASTER_NAME,
                    "`%s` is set but `%s` is not, so Sentinel could not be queried for the primary."
                            .formatted(SENTINEL_ADDRESS, MASTER_NAME),
                    "Set `%s` to the name in the line `sentinel monitor <name> ...` of the configuration of Sentinel."
                            .formatted(MASTER_NAME));
        }
        List<RedisAddress> addresses = parse(SENTINEL_ADDRESS, redis.sentinelAddress(), SENTINEL_PORT);
        if (addresses.stream().anyMatch(address -> !address.password().isEmpty())) {
            throw new ConfigurationProblemException(
                    SENTINEL_ADDRESS,
                    "`%s` holds a password, which may be meant for Sentinel or for Redis.".formatted(SENTINEL_ADDRESS),
                    "Set `realtime.redis.sentinel-password` for Sentinel and `realtime.redis.password` for Redis.");
        }
        RedisSentinelConfiguration configuration = new RedisSentinelConfiguration();
        configuration.master(redis.sentinelMasterName());
        configuration.setSentinels(nodes(addresses));
        configuration.setDatabase(database(SENTINEL_ADDRESS, addresses));
        configuration.setUsername(redis.username());
        configuration.setPassword(RedisPassword.of(redis.password()));
        configuration.setSentinelUsername(redis.sentinelUsername());
        configuration.setSentinelPassword(RedisPassword.of(redis.sentinelPassword()));
        return new RedisTarget(
                Source.PROPERTIES, RedisTopology.SENTINEL, configuration, tls(SENTINEL_ADDRESS, addresses), bundle());
    }

    private static void refuseTwoKinds(List<String> set) {
        if (set.size() > 1) {
            throw new ConfigurationProblemException(
                    set.get(1),
                    "`%s` are both set, but Redis is either one server, or a cluster, or behind Sentinel."
                            .formatted(String.join("` and `", set.subList(0, 2))),
                    "Keep the one that fits your Redis and remove the other.");
        }
    }

    private void refuseUnusedSentinelSettings(List<String> set) {
        if (set.contains(SENTINEL_ADDRESS)) {
            return;
        }
        Stream.of(
                        new String[] {MASTER_NAME, redis.sentinelMasterName()},
                        new String[] {RealtimeRedisProperties.PREFIX + "sentinel-username", redis.sentinelUsername()},
                        new String[] {RealtimeRedisProperties.PREFIX + "sentinel-password", redis.sentinelPassword()})
                .filter(setting -> StringUtils.hasText(setting[1]))
                .findFirst()
                .ifPresent(setting -> {
                    throw new ConfigurationProblemException(
                            setting[0],
                            "`%s` is set but `%s` is not, so it would not be used."
                                    .formatted(setting[0], SENTINEL_ADDRESS),
                            "Set `%s` to the addresses of the Sentinels, or remove `%s`."
                                    .formatted(SENTINEL_ADDRESS, setting[0]));
                });
    }

    private static void refuseNameWithoutPassword(
            String nameProperty, String name, String passwordProperty, String password) {
        if (StringUtils.hasText(name) && password.isEmpty()) {
            throw new ConfigurationProblemException(
                    RealtimeRedisProperties.PREFIX + nameProperty,
                    "`realtime.redis.%s` is set but `realtime.redis.%s` is not, so the login would fail."
                            .formatted(nameProperty, passwordProperty),
                    "Set `realtime.redis.%s` too. For a user without a password any will do."
                            .formatted(passwordProperty));
        }
    }

    private static List<RedisAddress> parse(String property, List<String> addresses, int defaultPort) {
        return addresses.stream()
                .map(address -> RedisAddress.parse(property, address, defaultPort))
                .toList();
    }

    private static List<RedisNode> nodes(List<RedisAddress> addresses) {
        return addresses.stream()
                .map(address -> new RedisNode(address.host(), address.port()))
                .toList();
    }

    private void authenticate(WithAuthentication configuration, String property, List<RedisAddress> addresses) {
        configuration.setUsername(one(property, "username", redis.username(), addresses, RedisAddress::username));
        configuration.setPassword(
                RedisPassword.of(one(property, "password", redis.password(), addresses, RedisAddress::password)));
    }

    /** Returns a credential from its property or from the addresses, and refuses two different values. */
    private static String one(
            String property,
            String setting,
            String separate,
            List<RedisAddress> addresses,
            Function<RedisAddress, String> part) {
        List<String> values = Stream.concat(
                        Stream.of(separate), addresses.stream().map(part))
                .filter(StringUtils::hasText)
                .distinct()
                .toList();
        if (values.size() > 1) {
            throw new ConfigurationProblemException(
                    RealtimeRedisProperties.PREFIX + setting,
                    "There are two different values of the %s: in `realtime.redis.%s` or in the addresses of `%s`."
                            .formatted(setting, setting, property),
                    "Keep `realtime.redis.%s`, and write the addresses without it.".formatted(setting));
        }
        return values.isEmpty() ? "" : values.get(0);
    }

    private int database(String property, List<RedisAddress> addresses) {
        PropertyRules.notNegative(RealtimeRedisProperties.PREFIX + "database", redis.database(), "the first");
        List<Integer> databases = Stream.concat(
                        Stream.of(redis.database()).filter(database -> database != 0),
                        addresses.stream().map(RedisAddress::database).filter(Objects::nonNull))
                .distinct()
                .toList();
        if (databases.size() > 1) {
            throw new ConfigurationProblemException(
                    RealtimeRedisProperties.PREFIX + "database",
                    ("There are two different numbers of the database: in `realtime.redis.database` or"
                                    + " after the slash in `%s`.")
                            .formatted(property),
                    "Keep `realtime.redis.database`, and write the addresses without a slash.");
        }
        return databases.isEmpty() ? 0 : databases.get(0);
    }

    private boolean tls(String property, List<RedisAddress> addresses) {
        List<Boolean> schemes = addresses.stream()
                .map(address -> Boolean.TRUE.equals(address.tls()))
                .distinct()
                .toList();
        if (schemes.size() > 1) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` mixes addresses with TLS (`rediss://`) and without, but one client does either."
                            .formatted(property),
                    "Write all of them with `rediss://`, or none.");
        }
        boolean asked = schemes.get(0) || StringUtils.hasText(redis.ssl().bundle());
        if (Boolean.FALSE.equals(redis.ssl().enabled()) && asked) {
            throw new ConfigurationProblemException(
                    SSL_ENABLED,
                    "`%s` is `false`, but %s requires TLS."
                            .formatted(
                                    SSL_ENABLED,
                                    schemes.get(0) ? "`" + property + "` (`rediss://`)" : "`" + SSL_BUNDLE + "`"),
                    "Remove `%s`, or what requires TLS.".formatted(SSL_ENABLED));
        }
        return asked || Boolean.TRUE.equals(redis.ssl().enabled());
    }

    private @Nullable Supplier<SslBundle> bundle() {
        String name = redis.ssl().bundle();
        if (!StringUtils.hasText(name)) {
            return null;
        }
        SslBundles known = bundles;
        try {
            if (known != null) {
                known.getBundle(name);
                return () -> known.getBundle(name);
            }
        } catch (NoSuchSslBundleException unknown) {
            // Explained below.
        }
        throw new ConfigurationProblemException(
                SSL_BUNDLE,
                "`%s` is `%s`, but there is no SSL bundle of that name.".formatted(SSL_BUNDLE, name),
                "Define it under `spring.ssl.bundle.pem.%1$s` or `spring.ssl.bundle.jks.%1$s`, or correct the name."
                        .formatted(name));
    }
}
