package dev.realtime.engine.redis.control;

import dev.realtime.api.NodeDescription;
import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.engine.redis.format.BinaryInput;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.format.PublicationFormat;
import dev.realtime.engine.redis.format.UnreadableException;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlCommand;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binary forms of commands between nodes, and of what a node says about itself. Each begins with a version and a kind;
 * nodes of another version skip it. What is read throws an {@link UnreadableException} if it is not what is written
 * here.
 */
final class ControlFormat {

    private static final int VERSION = 1;

    private static final int DISCONNECT = 1;

    private static final int UNSUBSCRIBE = 2;

    private static final int SUBSCRIBE = 3;

    private static final int REFRESH = 4;

    /** A subscribe with a filter: a node that does not know filters must not subscribe anyone without it. */
    private static final int SUBSCRIBE_FILTERED = 5;

    private static final int INVALIDATE = 6;

    private static final int MAX_FILTER_DEPTH = 64;

    private ControlFormat() {}

    private static BinaryOutput begin(int kind) {
        return begin(kind, 256);
    }

    static BinaryOutput begin(int kind, int expectedLength) {
        return new BinaryOutput(expectedLength).octet(VERSION).octet(kind);
    }

    static int kind(BinaryInput input) {
        int version = input.octet();
        if (version != VERSION) {
            throw new UnreadableException("a control message of version " + version);
        }
        return input.octet();
    }

    static UnreadableException unknown(int kind) {
        return new UnreadableException("a control message of kind " + kind);
    }

    static byte[] write(ControlCommand command) {
        if (command instanceof ControlCommand.DisconnectClients disconnect) {
            BinaryOutput output = begin(DISCONNECT);
            write(disconnect.clients(), output);
            return output.number(disconnect.disconnect().code())
                    .text(disconnect.disconnect().reason())
                    .toBytes();
        }
        if (command instanceof ControlCommand.UnsubscribeClients unsubscribe) {
            BinaryOutput output = begin(UNSUBSCRIBE);
            write(unsubscribe.clients(), output);
            return output.text(unsubscribe.channel())
                    .number(unsubscribe.unsubscribe().code())
                    .text(unsubscribe.unsubscribe().reason())
                    .toBytes();
        }
        if (command instanceof ControlCommand.SubscribeClients subscribe) {
            return write(subscribe);
        }
        if (command instanceof ControlCommand.InvalidateChannel invalidate) {
            return begin(INVALIDATE).text(invalidate.channel()).toBytes();
        }
        ControlCommand.RefreshClients refresh = (ControlCommand.RefreshClients) command;
        BinaryOutput output = begin(REFRESH);
        write(refresh.clients(), output);
        output.truth(refresh.expired()).number(refresh.expireAtSeconds());
        PublicationFormat.write(refresh.connectionInfo(), output);
        return output.toBytes();
    }

    private static byte[] write(ControlCommand.SubscribeClients subscribe) {
        TagsFilter filter = subscribe.filter();
        BinaryOutput output = begin(filter == null ? SUBSCRIBE : SUBSCRIBE_FILTERED);
        write(subscribe.clients(), output);
        output.text(subscribe.channel());
        PublicationFormat.write(subscribe.channelInfo(), output);
        PublicationFormat.write(subscribe.data(), output);
        StreamPosition since = subscribe.recoverSince();
        output.truth(since != null);
        if (since != null) {
            output.number(since.offset()).text(since.epoch());
        }
        output.number(subscribe.expireAtSeconds());
        SubscribeOverrides overrides = subscribe.overrides();
        write(overrides.presence(), output);
        write(overrides.joinLeave(), output);
        write(overrides.forcePushJoinLeave(), output);
        write(overrides.forceRecovery(), output);
        write(overrides.forcePositioning(), output);
        if (filter != null) {
            write(filter, output);
        }
        return output.toBytes();
    }

    private static void write(TagsFilter filter, BinaryOutput output) {
        output.text(filter.operation()).text(filter.key()).text(filter.comparison());
        output.text(filter.value()).number(filter.values().size());
        filter.values().forEach(output::text);
        output.number(filter.nodes().size());
        filter.nodes().forEach(node -> write(node, output));
    }

    private static TagsFilter readFilter(BinaryInput input, int maxDepth) {
        if (maxDepth == 0) {
            throw new UnreadableException("a filter that is nested too deep");
        }
        String operation = input.text();
        String key = input.text();
        String comparison = input.text();
        String value = input.text();
        List<String> values = new ArrayList<>();
        for (int left = input.count(); left > 0; left--) {
            values.add(input.text());
        }
        List<TagsFilter> nodes = new ArrayList<>();
        for (int left = input.count(); left > 0; left--) {
            nodes.add(readFilter(input, maxDepth - 1));
        }
        try {
            return TagsFilter.of(operation, key, comparison, value, values, nodes);
        } catch (IllegalArgumentException e) {
            throw new UnreadableException("a filter that is none");
        }
    }

    static ControlCommand readCommand(byte[] bytes, int from) {
        BinaryInput input = new BinaryInput(bytes, from);
        int kind = kind(input);
        ControlCommand command = kind == INVALIDATE
                ? new ControlCommand.InvalidateChannel(input.text())
                : readCommand(kind, readSelector(input), input);
        input.end();
        return command;
    }

    private static ControlCommand readCommand(int kind, ClientSelector clients, BinaryInput input) {
        return switch (kind) {
            case DISCONNECT ->
                new ControlCommand.DisconnectClients(clients, new Disconnect((int) input.number(), input.text()));
            case UNSUBSCRIBE ->
                new ControlCommand.UnsubscribeClients(
                        clients, input.text(), new Unsubscribe((int) input.number(), input.text()));
            case SUBSCRIBE -> readSubscribe(clients, input, false);
            case SUBSCRIBE_FILTERED -> readSubscribe(clients, input, true);
            case REFRESH ->
                new ControlCommand.RefreshClients(
                        clients, input.truth(), input.number(), PublicationFormat.readPayload(input));
            default -> throw unknown(kind);
        };
    }

    private static ControlCommand readSubscribe(ClientSelector clients, BinaryInput input, boolean filtered) {
        return new ControlCommand.SubscribeClients(
                clients,
                input.text(),
                PublicationFormat.readPayload(input),
                PublicationFormat.readPayload(input),
                input.truth() ? new StreamPosition(input.number(), input.text()) : null,
                input.number(),
                SubscribeOverrides.NONE
                        .withPresence(readOption(input))
                        .withJoinLeave(readOption(input))
                        .withForcePushJoinLeave(readOption(input))
                        .withForceRecovery(readOption(input))
                        .withForcePositioning(readOption(input)),
                filtered ? readFilter(input, MAX_FILTER_DEPTH) : null);
    }

    private static void write(ClientSelector clients, BinaryOutput output) {
        output.text(clients.userId()).text(clients.clientId()).text(clients.sessionId());
        output.number(clients.exceptClientIds().size());
        clients.exceptClientIds().forEach(output::text);
    }

    private static ClientSelector readSelector(BinaryInput input) {
        String user = input.text();
        String client = input.text();
        String session = input.text();
        Set<String> except = new LinkedHashSet<>();
        for (int left = input.count(); left > 0; left--) {
            except.add(input.text());
        }
        return new ClientSelector(user, client, session, except);
    }

    private static void write(@Nullable Boolean option, BinaryOutput output) {
        output.octet(option == null ? 2 : option ? 1 : 0);
    }

    private static @Nullable Boolean readOption(BinaryInput input) {
        int octet = input.octet();
        if (octet > 2) {
            throw new UnreadableException("an option of " + octet);
        }
        return octet == 2 ? null : Boolean.valueOf(octet == 1);
    }

    static byte[] write(NodeDescription node) {
        return begin(0).text(node.id())
                .text(node.name())
                .text(node.version())
                .number(node.clients())
                .number(node.users())
                .number(node.subscriptions())
                .number(node.channels())
                .number(node.uptimeSeconds())
                .toBytes();
    }

    static NodeDescription readNode(byte[] bytes) {
        BinaryInput input = new BinaryInput(bytes, 0);
        int kind = kind(input);
        if (kind != 0) {
            throw unknown(kind);
        }
        NodeDescription node = new NodeDescription(
                input.text(),
                input.text(),
                input.text(),
                (int) input.number(),
                (int) input.number(),
                (int) input.number(),
                (int) input.number(),
                input.number());
        input.end();
        return node;
    }
}
