package dev.realtime.docs;

import dev.realtime.actuate.RealtimeHandlerMetrics;
import dev.realtime.actuate.RealtimeMetrics;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.actuate.RealtimeMetricsAutoConfiguration;
import dev.realtime.event.ApplicationEvents;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.hook.Handlers;
import dev.realtime.node.RealtimeNode;
import dev.realtime.observation.DefaultHandlerObservationConvention;
import dev.realtime.observation.DefaultPublishObservationConvention;
import dev.realtime.spi.transport.ManualExecutor;
import dev.realtime.spi.transport.ScriptedTransport;
import dev.realtime.spi.transport.TransportCapabilities;
import dev.realtime.spi.transport.TransportDescription;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.spi.transport.WireForm;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The names that begin with {@code realtime.}: properties and meters. */
final class KnownNames {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private static final String WITHOUT_NAMESPACE = "realtime.channel.without-namespace.";

    /** Also stands for the options of any namespace. */
    private static final String NAMESPACE = "realtime.channel.namespaces\\.[^.]+(\\.|$)";

    /** A map from the kind of a command to its rate. */
    private static final String OPERATIONS = "realtime.client.rate-limit.operations.";

    private KnownNames() {}

    /** Property to its default, empty where it has none. */
    static Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        for (JsonNode property : metadata().get("properties")) {
            JsonNode value = property.get("defaultValue");
            properties.put(property.get("name").asString(), value == null ? "" : value.asString());
        }
        return properties;
    }

    /** Option of a namespace to its default. */
    static Map<String, String> channelOptions() {
        Map<String, String> options = new TreeMap<>();
        properties().forEach((name, value) -> {
            if (name.startsWith(WITHOUT_NAMESPACE)) {
                options.put(name.substring(WITHOUT_NAMESPACE.length()), value);
            }
        });
        return options;
    }

    /**
     * Whether there is a property of this name, or one below it; the name may stand in a namespace or in another map.
     */
    static boolean isProperty(String name) {
        String general = name.replaceFirst("^" + NAMESPACE, WITHOUT_NAMESPACE);
        return properties().keySet().stream()
                        .anyMatch(
                                known -> known.equals(general) || known.startsWith(general.replaceFirst("\\.?$", ".")))
                || general.startsWith(OPERATIONS);
    }

    /** Meters and observations of a node that has seen a namespace and a client, and turned another one away. */
    static Set<String> meters() {
        Set<String> names = new TreeSet<>();
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with())
                .withPropertyValues("realtime.client.connection-limit=1")
                .withBean(AnyHandler.class)
                .run(context -> {
                    RealtimeNode node = context.getBean(RealtimeNode.class);
                    node.statistics().namespace("chat");
                    seeClient(node);
                    SimpleMeterRegistry registry = new SimpleMeterRegistry();
                    new RealtimeMetrics(node).bindTo(registry);
                    new RealtimeHandlerMetrics(
                                    context.getBean(Handlers.class), context.getBean(ApplicationEvents.class))
                            .bindTo(registry);
                    registry.getMeters()
                            .forEach(meter -> names.add(meter.getId().getName()));
                });
        names.addAll(metersOfRedis());
        names.add(new DefaultHandlerObservationConvention().getName());
        names.add(new DefaultPublishObservationConvention().getName());
        return names;
    }

    private static Set<String> metersOfRedis() {
        Set<String> names = new TreeSet<>();
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with(RealtimeMetricsAutoConfiguration.class))
                .withPropertyValues(
                        "realtime.engine=redis",
                        "realtime.redis.address=nowhere.invalid",
                        "realtime.redis.startup=wait")
                .run(context -> {
                    SimpleMeterRegistry registry = new SimpleMeterRegistry();
                    context.getBeanProvider(MeterBinder.class).forEach(binder -> binder.bindTo(registry));
                    registry.getMeters()
                            .forEach(meter -> names.add(meter.getId().getName()));
                });
        return names;
    }

    /** Has a method, so that there are meters of it. */
    static class AnyHandler {

        @OnRpc("any")
        void any() {}
    }

    private static void seeClient(RealtimeNode node) {
        ManualExecutor executor = new ManualExecutor();
        TransportDescription description = new TransportDescription(
                "websocket", TransportCapabilities.WEBSOCKET, null, Map.<String, List<String>>of(), "/", "");
        TransportListener client = node.accept(new ScriptedTransport(executor, WireForm.JSON_WEBSOCKET, description));
        node.admits();
        client.onClosed();
        executor.runAll();
    }

    private static JsonNode metadata() {
        try (InputStream metadata = KnownNames.class.getClassLoader().getResourceAsStream(METADATA)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(metadata, METADATA));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
