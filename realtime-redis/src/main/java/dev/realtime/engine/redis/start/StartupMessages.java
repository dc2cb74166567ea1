package dev.realtime.engine.redis.start;

import dev.realtime.engine.redis.driver.RedisVersions;
import dev.realtime.engine.redis.driver.ServerFacts;
import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;

/** The texts of everything that a start can fail of. Each says what is found, why that is a mistake, and what to do. */
final class StartupMessages {

    private static final String RIGHTS =
            "Grant it the rights that the documentation of the Redis engine lists under \"A user with few rights\"";

    private final RedisAddresses addresses;

    private final RedisEngineOptions options;

    StartupMessages(RedisAddresses addresses, RedisEngineOptions options) {
        this.addresses = addresses;
        this.options = options;
    }

    RedisStartException clusterNode(RedisURI uri) {
        return mistake(
                leadsTo(uri)
                        + ", which is a node of a Redis Cluster. A connection to one server would look healthy at"
                        + " first and fail as soon as clients subscribe, because most keys live on other nodes.",
                instead(RedisTopology.CLUSTER, uri) + " One node is enough, the others are found through it.");
    }

    RedisStartException singleServer(RedisURI uri) {
        return mistake(
                leadsTo(uri)
                        + ", which is a single server and not a node of a Redis Cluster, so it knows of no slots and"
                        + " no other nodes.",
                instead(RedisTopology.STANDALONE, uri)
                        + " Use the same kind of Redis in development as in production.");
    }

    /** @param names of the primaries it watches; empty if unknown */
    RedisStartException sentinel(RedisURI uri, List<String> names) {
        String name = names.isEmpty() ? "" : " and `realtime.redis.sentinel-master-name=" + names.get(0) + "`";
        return mistake(
                leadsTo(uri) + ", which is a Sentinel: it knows where Redis is, but keeps no data itself.",
                instead(RedisTopology.SENTINEL, uri, name));
    }

    RedisStartException notASentinel(RedisURI uri, RedisTopology topology) {
        return mistake(
                leadsTo(uri) + ", which is "
                        + (topology == RedisTopology.CLUSTER ? "a node of a Redis Cluster" : "a Redis server")
                        + " and not a Sentinel, so it does not know the address of the primary.",
                instead(topology, uri) + " Sentinels usually listen on port 26379.");
    }

    RedisStartException unknownPrimary(RedisURI uri, String name, List<String> names) {
        String known = names.isEmpty() ? "none at all" : "`" + String.join("`, `", names) + "`";
        return new RedisStartException(
                "realtime.redis.sentinel-master-name",
                "The Sentinel at %s does not monitor a primary named `%s`; it monitors %s."
                        .formatted(at(uri), name, known),
                "Set %s to the name in the line `sentinel monitor <name> ...` of its configuration."
                        .formatted(
                                addresses.source() == Source.APPLICATION
                                        ? "`spring.data.redis.sentinel.master`"
                                        : addresses.setting("sentinel-master-name")),
                false);
    }

    RedisStartException replica(RedisURI uri) {
        return passing(
                leadsTo(uri) + ", which is a replica and refuses writes.",
                "Set it to the primary, or set `realtime.redis.sentinel-address`, through which the primary is always"
                        + " found.");
    }

    RedisStartException tooOld(RedisURI uri, ServerFacts facts, int required) {
        boolean sharded = required > RedisVersions.REQUIRED;
        return new RedisStartException(
                sharded ? "realtime.redis.pubsub" : addresses.property(),
                leadsTo(uri)
                        + ", which is Redis %s. %s needs %d.%d."
                                .formatted(
                                        facts.versionText(),
                                        sharded ? "`realtime.redis.pubsub=sharded`" : "The engine",
                                        required / 100,
                                        required % 100),
                sharded
                        ? "Set `realtime.redis.pubsub=auto`, which uses sharded pub/sub where Redis supports it, or"
                                + " update Redis."
                        : "Update Redis, or use another one.",
                false);
    }

    RedisStartException database(RedisURI uri, Throwable cause) {
        return failure(
                "realtime.redis.database",
                "Redis at %s has no database %d: %s.".formatted(at(uri), uri.getDatabase(), shown(cause)),
                "Set %s to one it has; usually there are 0 to 15.".formatted(addresses.setting("database")),
                cause);
    }

    RedisStartException passwordNeeded(RedisURI uri, boolean sentinel, Throwable cause) {
        String password = password(sentinel);
        return failure(
                credential(sentinel),
                "%s at %s asks for a password, and none is set: %s."
                        .formatted(sentinel ? "The Sentinel" : "Redis", at(uri), shown(cause)),
                "Set %s%s."
                        .formatted(
                                password,
                                sentinel
                                        ? "; Sentinels have credentials of their own"
                                        : ", and " + addresses.setting("username") + " if it has users"),
                cause);
    }

    RedisStartException wrongPassword(RedisURI uri, boolean sentinel, Throwable cause) {
        return failure(
                credential(sentinel),
                "%s at %s refused the user name or the password: %s."
                        .formatted(sentinel ? "The Sentinel" : "Redis", at(uri), shown(cause)),
                "Correct %s and %s."
                        .formatted(addresses.setting(sentinel ? "sentinel-username" : "username"), password(sentinel)),
                cause);
    }

    RedisStartException passwordUnknown(RedisURI uri, boolean sentinel, Throwable cause) {
        return failure(
                credential(sentinel),
                "A password is set, but %s at %s has none: %s."
                        .formatted(sentinel ? "the Sentinel" : "Redis", at(uri), shown(cause)),
                "Remove %s, or give the server that password.".formatted(password(sentinel)),
                cause);
    }

    RedisStartException noRights(RedisURI uri, Throwable cause) {
        return failure(
                "realtime.redis.username",
                "The user of Redis at %s lacks rights that the engine needs: %s.".formatted(at(uri), shown(cause)),
                "%s, or set %s to a user that has them.".formatted(RIGHTS, addresses.setting("username")),
                cause);
    }

    RedisStartException tlsExpected(RedisURI uri) {
        return mistake(
                leadsTo(uri) + ", which expects TLS, but the connection is not encrypted.",
                addresses.source() == Source.PROPERTIES
                        ? "Write `rediss://` for `redis://`, or set `realtime.redis.ssl.bundle` to a bundle that"
                                + " trusts its certificate."
                        : "Turn on TLS there: %s or %s."
                                .formatted(addresses.setting("ssl.enabled"), addresses.setting("ssl.bundle")));
    }

    RedisStartException tlsUnknown(RedisURI uri) {
        return mistake(
                leadsTo(uri) + ", which is configured with TLS, but does not use TLS on that port.",
                addresses.source() == Source.PROPERTIES
                        ? "Use the TLS port of the server, or write `redis://` for `rediss://` and remove"
                                + " `realtime.redis.ssl.*`."
                        : "Use the TLS port of the server, or turn off TLS there.");
    }

    RedisStartException tlsRefused(RedisURI uri, Throwable cause) {
        return failure(
                "realtime.redis.ssl.bundle",
                leadsTo(uri) + ", with which the TLS handshake failed: " + shown(cause) + ".",
                "Set %s to a bundle whose trust store holds the authority of its certificate, and whose key store holds"
                                .formatted(addresses.setting("ssl.bundle"))
                        + " a certificate if the server asks clients for one. The certificate of the server must name"
                        + " the host as it is written in the address.",
                cause);
    }

    RedisStartException unreachable(RedisURI uri, String reason, Throwable cause) {
        return new RedisStartException(
                addresses.property(),
                leadsTo(uri) + ", where Redis cannot be reached: " + reason + ".",
                "Start Redis there or correct the address. To start without Redis and wait for it, set"
                        + " `realtime.redis.startup=wait`; for a single node without Redis, `realtime.engine=memory`.",
                true,
                cause);
    }

    RedisStartException notReady(RedisURI uri, Throwable cause) {
        return new RedisStartException(
                addresses.property(),
                leadsTo(uri) + ", which is not ready: " + shown(cause) + ".",
                "Wait until it is, or set `realtime.redis.startup=wait` to start without it.",
                true,
                cause);
    }

    RedisStartException refused(RedisURI uri, Throwable cause) {
        return failure(
                addresses.property(),
                leadsTo(uri) + ", which refused the connection: " + shown(cause) + ".",
                "Correct the settings of that server, or of the connection to it.",
                cause);
    }

    private RedisStartException mistake(String description, String action) {
        return new RedisStartException(addresses.property(), description, action, false);
    }

    private RedisStartException passing(String description, String action) {
        return new RedisStartException(addresses.property(), description, action, true);
    }

    private static RedisStartException failure(String property, String description, String action, Throwable cause) {
        return new RedisStartException(property, description, action, false, cause);
    }

    private String leadsTo(RedisURI uri) {
        return addresses.origin() + " leads to " + at(uri);
    }

    private String password(boolean sentinel) {
        return addresses.setting(sentinel ? "sentinel-password" : "password");
    }

    private static String credential(boolean sentinel) {
        return sentinel ? "realtime.redis.sentinel-password" : "realtime.redis.password";
    }

    private String instead(RedisTopology topology, RedisURI uri) {
        return instead(topology, uri, "");
    }

    private String instead(RedisTopology topology, RedisURI uri, String more) {
        String setting = "`%s=%s://%s`%s"
                .formatted(RedisAddresses.property(topology), uri.isSsl() ? "rediss" : "redis", at(uri), more);
        return switch (addresses.source()) {
            case PROPERTIES ->
                "Set %s instead of `%s`.".formatted(setting, RedisAddresses.property(options.topology()));
            case APPLICATION -> "Set %s, or correct `spring.data.redis.*`.".formatted(setting);
            case CONNECTION_DETAILS ->
                "Let the connection details name that kind of Redis, or remove the bean and set %s.".formatted(setting);
            case BEAN -> "Build the factory for that kind of Redis, or remove the bean and set %s.".formatted(setting);
        };
    }

    /** Returns host and port as they are written in an address. */
    static String at(RedisURI uri) {
        String host = uri.getHost();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + uri.getPort();
    }

    /** Returns a time as it is written in a configuration file. */
    static String shown(Duration time) {
        return time.toMillis() < 1000 ? time.toMillis() + "ms" : Math.round(time.toMillis() / 1000.0) + "s";
    }

    private static String shown(Throwable cause) {
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.strip().replaceFirst("\\.$", "");
    }
}
