package dev.realtime.protocol;

import dev.realtime.api.data.Payload;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** Commands of a JSON client as Jackson trees, with payloads inline as they are. */
final class JsonCommandEncoder {

    private static final JsonMapper MAPPER = new JsonMapper();

    private JsonCommandEncoder() {}

    static byte[] encode(Command... commands) {
        StringBuilder lines = new StringBuilder();
        for (Command command : commands) {
            ObjectNode object = MAPPER.createObjectNode();
            put(object, "id", command.id());
            if (command.request() != null) {
                write(object, command.request());
            }
            lines.append(lines.isEmpty() ? "" : "\n").append(MAPPER.writeValueAsString(object));
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(ObjectNode command, Request request) {
        if (request instanceof Request.Connect connect) {
            connect(command.putObject("connect"), connect);
        } else if (request instanceof Request.Subscribe subscribe) {
            subscribe(command.putObject("subscribe"), subscribe);
        } else if (request instanceof Request.Unsubscribe unsubscribe) {
            put(command.putObject("unsubscribe"), "channel", unsubscribe.channel());
        } else if (request instanceof Request.Publish publish) {
            ObjectNode object = command.putObject("publish");
            put(object, "channel", publish.channel());
            put(object, "data", publish.data());
        } else if (request instanceof Request.Presence presence) {
            put(command.putObject("presence"), "channel", presence.channel());
        } else if (request instanceof Request.PresenceStats stats) {
            put(command.putObject("presence_stats"), "channel", stats.channel());
        } else if (request instanceof Request.History history) {
            history(command.putObject("history"), history);
        } else if (request instanceof Request.Rpc rpc) {
            ObjectNode object = command.putObject("rpc");
            put(object, "method", rpc.method());
            put(object, "data", rpc.data());
        } else if (request instanceof Request.Send send) {
            put(command.putObject("send"), "data", send.data());
        } else if (request instanceof Request.Refresh refresh) {
            put(command.putObject("refresh"), "token", refresh.token());
        } else if (request instanceof Request.SubRefresh refresh) {
            ObjectNode object = command.putObject("sub_refresh");
            put(object, "channel", refresh.channel());
            put(object, "token", refresh.token());
        }
    }

    private static void connect(ObjectNode object, Request.Connect connect) {
        put(object, "token", connect.token());
        put(object, "data", connect.data());
        if (!connect.subs().isEmpty()) {
            ObjectNode subs = object.putObject("subs");
            connect.subs().forEach((channel, sub) -> subscribe(subs.putObject(channel), sub.withChannel("")));
        }
        put(object, "name", connect.name());
        put(object, "version", connect.version());
        if (!connect.headers().isEmpty()) {
            ObjectNode headers = object.putObject("headers");
            connect.headers().forEach(headers::put);
        }
    }

    private static void subscribe(ObjectNode object, Request.Subscribe subscribe) {
        put(object, "channel", subscribe.channel());
        put(object, "token", subscribe.token());
        put(object, "recover", subscribe.recover());
        put(object, "epoch", subscribe.epoch());
        put(object, "offset", subscribe.offset());
        put(object, "data", subscribe.data());
        put(object, "positioned", subscribe.positioned());
        put(object, "recoverable", subscribe.recoverable());
        put(object, "join_leave", subscribe.joinLeave());
        put(object, "delta", subscribe.delta());
        if (subscribe.tagsFilter() != null) {
            filter(object.putObject("tf"), subscribe.tagsFilter());
        }
        if (subscribe.flag() != 0) {
            object.put("flag", subscribe.flag());
        }
        if (subscribe.type() != 0) {
            object.put("type", subscribe.type());
        }
    }

    private static void filter(ObjectNode object, FilterNode filter) {
        put(object, "op", filter.operation());
        put(object, "key", filter.key());
        put(object, "cmp", filter.comparison());
        put(object, "val", filter.value());
        if (!filter.values().isEmpty()) {
            ArrayNode values = object.putArray("vals");
            filter.values().forEach(values::add);
        }
        if (!filter.nodes().isEmpty()) {
            ArrayNode nodes = object.putArray("nodes");
            filter.nodes().forEach(node -> filter(nodes.addObject(), node));
        }
    }

    private static void history(ObjectNode object, Request.History history) {
        put(object, "channel", history.channel());
        if (history.limit() != 0) {
            object.put("limit", history.limit());
        }
        if (history.since() != null) {
            ObjectNode since = object.putObject("since");
            put(since, "offset", history.since().offset());
            put(since, "epoch", history.since().epoch());
        }
        put(object, "reverse", history.reverse());
    }

    private static void put(ObjectNode object, String name, String value) {
        if (!value.isEmpty()) {
            object.put(name, value);
        }
    }

    private static void put(ObjectNode object, String name, boolean value) {
        if (value) {
            object.put(name, true);
        }
    }

    private static void put(ObjectNode object, String name, long unsigned) {
        if (unsigned != 0) {
            object.put(name, new BigInteger(Long.toUnsignedString(unsigned)));
        }
    }

    private static void put(ObjectNode object, String name, @Nullable Payload payload) {
        if (payload != null) {
            object.putRawValue(name, new RawValue(payload.text()));
        }
    }
}
