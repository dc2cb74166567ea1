package dev.realtime.autoconfigure.startup;

import dev.realtime.autoconfigure.RealtimeChannelProperties;
import dev.realtime.autoconfigure.RealtimeClientProperties;
import dev.realtime.autoconfigure.RealtimeProperties;
import dev.realtime.autoconfigure.RealtimeRpcProperties;
import dev.realtime.autoconfigure.event.RealtimeEventsProperties;
import dev.realtime.autoconfigure.handler.RealtimeHandlersProperties;
import dev.realtime.autoconfigure.httpapi.RealtimeHttpApiProperties;
import dev.realtime.autoconfigure.redis.RealtimeRedisProperties;
import dev.realtime.autoconfigure.template.RealtimeTemplateProperties;
import dev.realtime.autoconfigure.token.RealtimeSubscriptionTokenProperties;
import dev.realtime.autoconfigure.token.RealtimeTokenProperties;
import dev.realtime.autoconfigure.web.RealtimeEmulationProperties;
import dev.realtime.autoconfigure.web.RealtimeHttpStreamProperties;
import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.autoconfigure.web.RealtimeSseProperties;
import dev.realtime.autoconfigure.web.RealtimeUniHttpStreamProperties;
import dev.realtime.autoconfigure.web.RealtimeUniSseProperties;
import dev.realtime.autoconfigure.web.RealtimeUniWebSocketProperties;
import dev.realtime.autoconfigure.web.RealtimeWebSocketProperties;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** The properties below {@code realtime.} that something reads, learned from the records that they are bound to. */
final class KnownProperties {

    /** Placeholder for any key of a map. */
    private static final String ANY = "*";

    /** All records, whether or not the part of the server that they configure is there. */
    private static final List<Class<?>> RECORDS = List.of(
            RealtimeProperties.class,
            RealtimeClientProperties.class,
            RealtimeTokenProperties.class,
            RealtimeSubscriptionTokenProperties.class,
            RealtimeChannelProperties.class,
            RealtimeServerProperties.class,
            RealtimeWebSocketProperties.class,
            RealtimeHttpStreamProperties.class,
            RealtimeSseProperties.class,
            RealtimeEmulationProperties.class,
            RealtimeUniWebSocketProperties.class,
            RealtimeUniSseProperties.class,
            RealtimeUniHttpStreamProperties.class,
            RealtimeRedisProperties.class,
            RealtimeHttpApiProperties.class,
            RealtimeHandlersProperties.class,
            RealtimeRpcProperties.class,
            RealtimeEventsProperties.class,
            RealtimeTemplateProperties.class);

    /**
     * A property, a group of them, or both where a map has a single value.
     *
     * @param name in kebab-case
     * @param below by name without dashes, {@link #ANY} for the values of a map
     * @param open whether anything may be below, such as the elements of a list
     */
    private record Node(String name, Map<String, Node> below, boolean open) {

        boolean isProperty() {
            return below.isEmpty();
        }
    }

    private final Node root = new Node("realtime", new TreeMap<>(), false);

    KnownProperties() {
        RECORDS.forEach(this::add);
    }

    private void add(Class<?> type) {
        String prefix = type.getAnnotation(ConfigurationProperties.class).value();
        Node group = root;
        ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
        for (int i = 1; i < name.getNumberOfElements(); i++) {
            String element = name.getElement(i, Form.DASHED);
            group = group.below()
                    .computeIfAbsent(
                            name.getElement(i, Form.UNIFORM), key -> new Node(element, new TreeMap<>(), false));
        }
        try {
            group.below().putAll(components(type));
        } catch (NoClassDefFoundError engineLeftOut) {
            // A type of a module that the application excludes: nothing is known of the group, so nothing is reported.
            group.below().put(ANY, new Node(ANY, Map.of(), true));
        }
    }

    private static Map<String, Node> components(Class<?> type) {
        Map<String, Node> components = new TreeMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = DataObjectPropertyName.toDashedForm(component.getName());
            components.put(name.replace("-", ""), node(name, component.getGenericType()));
        }
        return components;
    }

    private static Node node(String name, Type type) {
        if (type instanceof ParameterizedType container && container.getRawType() instanceof Class<?> raw) {
            if (Map.class.isAssignableFrom(raw)) {
                Map<String, Node> values = new TreeMap<>();
                values.put(ANY, node(ANY, container.getActualTypeArguments()[1]));
                return new Node(name, values, false);
            }
            return new Node(name, Map.of(), Collection.class.isAssignableFrom(raw));
        }
        return type instanceof Class<?> nested && nested.isRecord()
                ? new Node(name, components(nested), false)
                : new Node(name, Map.of(), false);
    }

    /**
     * Returns whether something reads the property.
     *
     * @param name begins with {@code realtime}
     * @param split whether a name can be spread over several elements, as in variables of the environment, where an
     *     underscore replaces a dot as well as a dash
     * @param empty whether the value is empty, as that of a group without properties is in YAML
     */
    boolean reads(ConfigurationPropertyName name, boolean split, boolean empty) {
        return reads(root, name, 1, split, empty);
    }

    private static boolean reads(Node node, ConfigurationPropertyName name, int from, boolean split, boolean empty) {
        int elements = name.getNumberOfElements();
        if (from == elements) {
            return node.isProperty() || empty;
        }
        if (node.open()) {
            return true;
        }
        StringBuilder joined = new StringBuilder();
        for (int to = from; to < elements; to++) {
            joined.append(name.getElement(to, Form.UNIFORM));
            Node next =
                    node.below().getOrDefault(joined.toString(), node.below().get(ANY));
            if (next != null && reads(next, name, to + 1, split, empty)) {
                return true;
            }
            if (!split) {
                return false;
            }
        }
        return false;
    }

    /** Returns whether a group of this name is directly below {@code realtime}. */
    boolean hasGroup(String uniform) {
        return root.below().containsKey(uniform) && !root.below().get(uniform).isProperty();
    }

    /** Returns the names of all properties, with the keys of maps that the given name has in their place. */
    List<String> namesLike(ConfigurationPropertyName name) {
        List<String> names = new ArrayList<>();
        collect(root, root.name(), name, 1, names);
        return names;
    }

    private static void collect(Node node, String path, ConfigurationPropertyName like, int depth, List<String> names) {
        if (node.isProperty()) {
            names.add(path);
        }
        node.below().values().forEach(next -> {
            String element = next.name();
            if (element.equals(ANY)) {
                element = depth < like.getNumberOfElements() ? like.getElement(depth, Form.ORIGINAL) : "<name>";
            }
            collect(next, path + '.' + element, like, depth + 1, names);
        });
    }
}
