package dev.realtime.engine.redis.server;

import dev.realtime.engine.redis.options.RedisTopology;
import java.util.List;

/**
 * Users that may do what the Redis engine needs and nothing else, as {@code ACL SETUSER} takes them. This is the one
 * place that lists the commands; the page about Redis prints the same lines.
 */
public final class RedisAcl {

    private static final List<String> CONNECTION = List.of("auth", "hello", "ping", "select", "client|setname", "info");

    private static final List<String> SCRIPTS = List.of("eval", "evalsha");

    private static final List<String> PUB_SUB =
            List.of("publish", "subscribe", "unsubscribe", "spublish", "ssubscribe", "sunsubscribe");

    /** What the scripts call counts, too. */
    private static final List<String> KEYS = List.of(
            "del",
            "exists",
            "get",
            "set",
            "pexpire",
            "pttl",
            "time",
            "type",
            "hdel",
            "hget",
            "hgetall",
            "hincrby",
            "hlen",
            "hmget",
            "hset",
            "hsetnx",
            "xadd",
            "xrange",
            "xrevrange",
            "xtrim",
            "zadd",
            "zrangebyscore",
            "zrem",
            "zscore");

    private static final List<String> CLUSTER = List.of("asking", "cluster|nodes");

    private static final List<String> SENTINEL = List.of(
            "auth", "hello", "ping", "client|setname", "info", "sentinel|get-master-addr-by-name", "sentinel|masters");

    private RedisAcl() {}

    /**
     * A user of the servers that hold data.
     *
     * @param prefix of all keys and channels, {@code realtime.redis.prefix}
     */
    public static String data(RedisTopology topology, String username, String password, String prefix) {
        StringBuilder user = user(username, password);
        user.append(" ~").append(prefix).append("* &").append(prefix).append('*');
        allow(user, CONNECTION);
        allow(user, SCRIPTS);
        allow(user, PUB_SUB);
        allow(user, KEYS);
        if (topology == RedisTopology.CLUSTER) {
            allow(user, CLUSTER);
        }
        return user.toString();
    }

    /** A user of the Sentinels; it may read their events and the address of the primary, and change nothing. */
    public static String sentinel(String username, String password) {
        StringBuilder user = user(username, password);
        allow(user, SENTINEL);
        return user.toString();
    }

    private static StringBuilder user(String username, String password) {
        return new StringBuilder(username).append(" on >").append(password).append(" resetkeys resetchannels -@all");
    }

    private static void allow(StringBuilder user, List<String> commands) {
        commands.forEach(command -> user.append(" +").append(command));
    }
}
