package dev.realtime.autoconfigure.choice;

import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Beans that properties select when the application starts, also if it was processed ahead of time.
 *
 * <p>Ahead-of-time processing evaluates conditions once, when the application is built. Choices that usually differ by
 * deployment, such as the engine or a key, must not be made then. So {@link OnRunTimeChoice} admits the beans of every
 * choice while the application is processed, and {@code RunTimeChoices} removes those that are not wanted before any
 * bean is made.
 */
public enum RunTimeChoice {
    /** The embedded engine. */
    MEMORY_ENGINE(
            environment -> engine(environment).equalsIgnoreCase("memory"),
            "realtimeMemoryEngine",
            "realtimeMemoryEngineScheduler"),

    /** The engine over Redis. */
    REDIS_ENGINE(
            environment -> engine(environment).equalsIgnoreCase("redis"),
            "realtimeRedisEngine",
            "realtimeRedisEngineScheduler",
            "realtimeRedisEngineHealth",
            "realtimeRedisEngineMetrics"),

    /** Failure that names what the engine over Redis lacks. */
    MISSING_REDIS_ENGINE(REDIS_ENGINE.wanted, "realtimeMissingRedisEngine"),

    /** Connection of the engine to Redis, if the application has no connection factory of that name. */
    REDIS_CONNECTION(
            REDIS_ENGINE.wanted,
            "realtimeRedisTarget",
            "realtimeRedisClientResources",
            "realtimeRedisConnectionFactory",
            "realtimeApplicationRedis",
            "realtimeRedisEventLoops"),

    /** The HTTP API, if it has a key or is configured to need none. */
    HTTP_API(
            environment -> StringUtils.hasText(environment.getProperty("realtime.http-api.key"))
                    || environment.getProperty("realtime.http-api.insecure", Boolean.class, false),
            "realtimeHttpApiMapping"),

    /** The WebSocket endpoint. */
    WEBSOCKET(
            environment -> environment.getProperty("realtime.websocket.enabled", Boolean.class, true),
            "realtimeWebSocketMapping",
            "realtimeClientAddress"),

    /** A port of its own for clients. */
    SERVER(RealtimeServerProperties::hasPort, "realtimeServer"),

    /** Failure that names what that port lacks. */
    MISSING_SERVER(SERVER.wanted, "realtimeMissingServer"),

    /** The endpoint of HTTP streaming. */
    HTTP_STREAM(environment -> isEnabled(environment, "http-stream"), "realtimeHttpStreamMapping"),

    /** The endpoint of server-sent events. */
    SSE(environment -> isEnabled(environment, "sse"), "realtimeSseMapping"),

    /** The endpoint for the commands of clients of the two. */
    EMULATION(
            environment -> isEnabled(environment, "http-stream") || isEnabled(environment, "sse"),
            "realtimeEmulationMapping"),

    /** The endpoint of unidirectional HTTP streaming. */
    UNI_HTTP_STREAM(environment -> isEnabled(environment, "uni-http-stream"), "realtimeUniHttpStreamMapping"),

    /** The endpoint of unidirectional server-sent events. */
    UNI_SSE(environment -> isEnabled(environment, "uni-sse"), "realtimeUniSseMapping"),

    /** The unidirectional WebSocket endpoint. */
    UNI_WEBSOCKET(environment -> isEnabled(environment, "uni-websocket"), "realtimeUniWebSocketMapping");

    private final Predicate<Environment> wanted;

    private final List<String> beans;

    RunTimeChoice(Predicate<Environment> wanted, String... beans) {
        this.wanted = wanted;
        this.beans = List.of(beans);
    }

    /** Returns whether the application is being processed ahead of time, so that all choices are open. */
    public static boolean areOpen(Environment environment) {
        return environment.getProperty(AbstractAotProcessor.AOT_PROCESSING, Boolean.class, false);
    }

    /** Returns the names of the beans that are engines. */
    public static List<String> engineBeans() {
        return Stream.of(MEMORY_ENGINE, REDIS_ENGINE, MISSING_REDIS_ENGINE)
                .map(choice -> choice.beans.get(0))
                .toList();
    }

    private static boolean isEnabled(Environment environment, String transport) {
        return environment.getProperty("realtime." + transport + ".enabled", Boolean.class, false);
    }

    private static String engine(Environment environment) {
        return environment.getProperty("realtime.engine", "memory");
    }

    /** Returns whether properties select these beans. */
    public boolean isWanted(Environment environment) {
        return wanted.test(environment);
    }

    /** Returns the names of the beans. Without the first one the others, if there are any, are the application's. */
    public List<String> beans() {
        return beans;
    }
}
