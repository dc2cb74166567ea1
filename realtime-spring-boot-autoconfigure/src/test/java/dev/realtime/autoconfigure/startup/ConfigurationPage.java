package dev.realtime.autoconfigure.startup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/configuration.md}, made of the configuration metadata that IDEs read too. */
final class ConfigurationPage {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private static final String WITHOUT_NAMESPACE = "realtime.channel.without-namespace";

    private static final String INTRODUCTION = """
            # Configuration

            Every property of the server, with its default. Names and defaults are those of Centrifugo's options, so that its
            documentation transfers: `client.channel_limit` there is `realtime.client.channel-limit` here.

            Durations are written like `500ms`, `25s`, `10m` or `720h`, sizes like `64KB` or `1MB`. A value that cannot work, alone
            or beside another one, stops start-up with a text that says what to do.

            A property below `realtime` that nothing reads, such as a misspelt option of a namespace, is logged as a
            warning with the nearest known name and its place; with `realtime.strict-properties=true` it stops start-up.
            Properties below `realtime.app` are the application's own and never reported. Variables of the environment
            are reported where they begin like a group of the server (`REALTIME_REDIS_…`) or almost like a property; the
            ones that Kubernetes and Docker set for a service, such as `REALTIME_SERVICE_HOST` and
            `REALTIME_PORT_8080_TCP`, are not.

            <!-- Generated from the configuration metadata: change the Javadoc of the properties, then run
            %s -->
            """;

    private static final String DEVIATIONS = """

            ## Where this differs from Centrifugo

            | Centrifugo | here |
            |---|---|
            | `engine.type`, `engine.redis` | `realtime.engine` is the type itself; settings of an engine stand beside it |
            | `channel.namespaces` is a list | a map by name: it reads better in YAML and merges across profiles |
            | without `client.allowed_origins` no page may connect | pages of the same host and port may |
            | proxies with timeouts | [handler methods](handlers.md) and beans of the application, all with `realtime.client.handler-timeout` |
            | `http_server`, TLS | `server.*` and SSL bundles of Spring Boot |
            | `health`, `prometheus`, `admin` endpoints | Actuator, see [monitoring](monitoring.md) |
            """;

    /** The sections in reading order: a property belongs to the longest prefix that fits. */
    private static final List<Section> SECTIONS = List.of(
            new Section("realtime", "The server as a whole."),
            new Section("realtime.node", "How this node presents itself."),
            new Section("realtime.shutdown", "How this node ends."),
            new Section("realtime.memory", "The memory engine."),
            new Section("realtime.redis", """
                    The Redis engine. One of the three addresses says what kind of Redis it is; [Redis](redis.md) shows which, and what to
                    set in production. Times and sizes are those of Lettuce, the driver.

                    ```yaml
                    realtime:
                      engine: redis
                      redis:
                        cluster-address: redis://redis-cluster.redis:6379
                    ```"""),
            new Section(
                    "realtime.server",
                    "The web server of the application, and a port of its own for clients: see"
                            + " [Operating](operating.md#a-port-of-its-own)."),
            new Section("realtime.websocket", "The WebSocket endpoint, for the official SDKs."),
            new Section(
                    "realtime.http-stream", "HTTP streaming, for the official SDKs: see [Transports](transports.md)."),
            new Section("realtime.sse", "Server-sent events, for the official SDKs: see [Transports](transports.md)."),
            new Section("realtime.emulation", "The endpoint for the commands of clients of these two transports."),
            new Section("realtime.uni-websocket", "The unidirectional WebSocket endpoint, for clients without an SDK."),
            new Section("realtime.uni-sse", "Unidirectional server-sent events, for clients without an SDK."),
            new Section("realtime.uni-http-stream", "Unidirectional HTTP streaming, for clients without an SDK."),
            new Section("realtime.http-api", "The HTTP API for other programs. It is off until it has a key."),
            new Section("realtime.client", "Connections: which clients may connect, and what each may use up."),
            new Section(
                    "realtime.client.token",
                    "Tokens of connections, and of subscriptions unless those have their own:"
                            + " see [Authentication](authentication.md)."),
            new Section(
                    "realtime.client.subscription-token",
                    "Tokens of subscriptions, where they have their own keys: see [Authorization](authorization.md)."),
            new Section("realtime.channel", "Rules for channel names, and what all channels share."),
            new Section(WITHOUT_NAMESPACE, """
                    What a channel keeps, and what clients may do in it. Everything is off, and clients may do nothing, unless it is allowed here.
                    `realtime.channel.without-namespace.*` is for channels without a namespace, `realtime.channel.namespaces.<name>.*` takes the
                    same options for the channels of a namespace: `chat:lobby` is a channel of the namespace `chat`.

                    ```yaml
                    realtime:
                      channel:
                        namespaces:
                          chat:
                            presence: true
                            history-size: 100
                            history-ttl: 10m
                            force-recovery: true
                            allow-subscribe-for-client: true
                    ```"""),
            new Section("realtime.rpc", "Methods that clients call, beside [handler methods](handlers.md)."),
            new Section("realtime.handlers", "Bounds of [handler methods](handlers.md)."),
            new Section("realtime.events", "Events for the application context, see [handlers](handlers.md#events)."),
            new Section("management", "What Actuator shows of the server."));

    private ConfigurationPage() {}

    /**
     * The whole page.
     *
     * @param command writes the page again
     */
    static String render(String command) {
        Map<Section, List<JsonNode>> properties = new TreeMap<>(Comparator.comparingInt(SECTIONS::indexOf));
        for (JsonNode property : metadata().get("properties")) {
            properties
                    .computeIfAbsent(sectionOf(property), section -> new ArrayList<>())
                    .add(property);
        }
        return properties.entrySet().stream()
                .map(entry -> entry.getKey().render(entry.getValue()))
                .collect(Collectors.joining("\n", INTRODUCTION.formatted(command) + "\n", DEVIATIONS));
    }

    private static JsonNode metadata() {
        try (InputStream metadata = ConfigurationPage.class.getClassLoader().getResourceAsStream(METADATA)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(metadata, METADATA));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Section sectionOf(JsonNode property) {
        String name = property.get("name").asString();
        return SECTIONS.stream()
                .filter(section -> name.startsWith(section.prefix() + "."))
                .max(Comparator.comparingInt(section -> section.prefix().length()))
                .orElseThrow(() -> new IllegalStateException("No section for " + name));
    }

    private record Section(String prefix, String introduction) {

        String render(List<JsonNode> properties) {
            boolean namespaces = prefix.equals(WITHOUT_NAMESPACE);
            String title = namespaces ? "`realtime.channel.namespaces.<name>`" : "`" + prefix + "`";
            return properties.stream()
                    .map(property -> row(property, namespaces ? prefix.length() + 1 : 0))
                    .collect(Collectors.joining(
                            "",
                            "## %s%n%n%s%n%n| property | type | default | meaning |%n|---|---|---|---|%n"
                                    .formatted(title, introduction),
                            ""));
        }

        private static String row(JsonNode property, int from) {
            return "| `%s` | %s | %s | %s |%n"
                    .formatted(
                            property.get("name").asString().substring(from),
                            type(property.get("type").asString()),
                            defaultValue(property.get("defaultValue")),
                            Objects.requireNonNull(
                                            property.get("description"),
                                            () -> "No description of " + property.get("name"))
                                    .asString());
        }

        private static String defaultValue(JsonNode value) {
            return value == null || value.asString().isEmpty() ? "" : "`" + value.asString() + "`";
        }

        private static String type(String name) {
            return switch (name) {
                case "java.lang.Boolean" -> "boolean";
                case "java.lang.Integer", "java.lang.Long" -> "number";
                case "java.lang.String" -> "text";
                case "java.net.InetAddress" -> "address";
                case "java.time.Duration" -> "duration";
                case "org.springframework.util.unit.DataSize" -> "size";
                default ->
                    name.startsWith("java.util.List<")
                            ? "list"
                            : name.startsWith("java.util.Map<") ? "map" : valuesOf(name);
            };
        }

        private static String valuesOf(String type) {
            Class<?> values = ClassUtils.resolveClassName(type, ConfigurationPage.class.getClassLoader());
            return Stream.of(Objects.requireNonNull(values.getEnumConstants(), () -> "No words for the type " + type))
                    .map(value ->
                            "`" + value.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                    .collect(Collectors.joining(", "));
        }
    }
}
