package dev.realtime.engine.redis.driver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Facts that a server reports about itself. Each may be unknown: managed services forbid {@code INFO}, proxies do not
 * know
 * {@code HELLO}.
 *
 * @param mode {@code standalone}, {@code cluster} or {@code sentinel}
 * @param replica whether it is a replica
 * @param version major and minor, such as 702 for 7.2
 * @param versionText as the server says it
 * @param evictionPolicy of which keys it removes when memory is short; {@code null} also where memory is not limited
 */
public record ServerFacts(
        @Nullable String mode,
        boolean replica,
        @Nullable Integer version,
        @Nullable String versionText,
        @Nullable String evictionPolicy) {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    private static final Pattern LINE = Pattern.compile("(?m)^(\\w+):(.*?)\\r?$");

    /**
     * @param hello pairs of names and values, empty if refused
     * @param info lines, empty if refused
     */
    public static ServerFacts of(List<Object> hello, String info) {
        Map<String, String> facts = new HashMap<>();
        for (int i = 0; i + 1 < hello.size(); i += 2) {
            facts.put(String.valueOf(hello.get(i)), String.valueOf(hello.get(i + 1)));
        }
        Matcher line = LINE.matcher(info);
        while (line.find()) {
            facts.put(line.group(1), line.group(2));
        }
        // Forks count versions of their own in HELLO and keep the one of Redis in INFO.
        String version = facts.getOrDefault("redis_version", facts.get("version"));
        return new ServerFacts(
                mode(facts),
                "slave".equals(facts.get("role")) || "replica".equals(facts.get("role")),
                number(version),
                version,
                "0".equals(facts.get("maxmemory")) ? null : facts.get("maxmemory_policy"));
    }

    private static @Nullable String mode(Map<String, String> facts) {
        if ("1".equals(facts.get("cluster_enabled"))) {
            return "cluster";
        }
        return facts.getOrDefault("redis_mode", facts.get("mode"));
    }

    private static @Nullable Integer number(@Nullable String version) {
        Matcher matcher = VERSION.matcher(version == null ? "" : version);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) * 100 + Integer.parseInt(matcher.group(2)) : null;
    }

    public boolean isCluster() {
        return "cluster".equals(mode);
    }

    public boolean isSentinel() {
        return "sentinel".equals(mode);
    }

    /** Whether it is known to be neither a node of a cluster nor a Sentinel. */
    public boolean isStandalone() {
        return "standalone".equals(mode);
    }

    /** Whether it is known to be older. */
    public boolean isOlderThan(int required) {
        return version != null && version < required;
    }
}
