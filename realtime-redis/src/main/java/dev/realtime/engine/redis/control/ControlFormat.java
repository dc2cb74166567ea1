package dev.realtime.engine.redis.control;

import dev.realtime.api.ConnectedClient;
import dev.realtime.api.NodeDescription;
import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.engine.redis.format.BinaryInput;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.engine.redis.format.PublicationFormat;
import dev.realtime.engine.redis.format.UnreadableException;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlCommand;
import dev.realtime.spi.engine.ControlQuestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binary forms of the messages between nodes. Each begins with a version and a kind; nodes of another
 * version skip it. What is read throws an {@link UnreadableException} if it is not what is written here.
 */
final class ControlFormat {

    private static final int VERSION = 1;

    private static final int DISCONNECT = 1;

    private static final int UNSUBSCRIBE = 2;

    private static final int SUBSCRIBE = 3;

    private static final int REFRESH = 4;

    private static final int CHANNELS = 1;

    private static final int CONNECTIONS = 2;

    private ControlFormat() {}

    private static BinaryOutput begin(int kind) {
        return new BinaryOutput(256).octet(VERSION).octet(kind);
    }

    private static int kind(BinaryInput input) {
        int version = input.octet();
        if (version != VERSION) {
            throw new UnreadableException("a control message of version " + version);
        }
        return input.octet();
    }

    private static UnreadableException unknown(int kind) {
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
        ControlCommand.RefreshClients refresh = (ControlCommand.RefreshClients) command;
        BinaryOutput output = begin(REFRESH);
        write(refresh.clients(), output);
        output.truth(refresh.expired()).number(refresh.expireAtSeconds());
        PublicationFormat.write(refresh.connectionInfo(), output);
        return output.toBytes();
    }

    private static byte[] write(ControlCommand.SubscribeClients subscribe) {
        BinaryOutput output = begin(SUBSCRIBE);
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
        return output.toBytes();
    }

    static ControlCommand readCommand(byte[] bytes, int from) {
        BinaryInput input = new BinaryInput(bytes, from);
        int kind = kind(input);
        ClientSelector clients = readSelector(input);
        ControlCommand command = switch (kind) {
            case DISCONNECT ->
                new ControlCommand.DisconnectClients(clients, new Disconnect((int) input.number(), input.text()));
            case UNSUBSCRIBE ->
                new ControlCommand.UnsubscribeClients(
                        clients, input.text(), new Unsubscribe((int) input.number(), input.text()));
            case SUBSCRIBE -> readSubscribe(clients, input);
            case REFRESH ->
                new ControlCommand.RefreshClients(
                        clients, input.truth(), input.number(), PublicationFormat.readPayload(input));
            default -> throw unknown(kind);
        };
        input.end();
        return command;
    }

    private static ControlCommand readSubscribe(ClientSelector clients, BinaryInput input) {
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
                        .withForcePositioning(readOption(input)));
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

    static byte[] write(ControlQuestion question) {
        if (question instanceof ControlQuestion.Channels channels) {
            return begin(CHANNELS).text(channels.pattern()).toBytes();
        }
        return begin(CONNECTIONS)
                .text(((ControlQuestion.Connections) question).userId())
                .toBytes();
    }

    static ControlQuestion readQuestion(byte[] bytes) {
        BinaryInput input = new BinaryInput(bytes, 0);
        int kind = kind(input);
        ControlQuestion question = switch (kind) {
            case CHANNELS -> new ControlQuestion.Channels(input.text());
            case CONNECTIONS -> new ControlQuestion.Connections(input.text());
            default -> throw unknown(kind);
        };
        input.end();
        return question;
    }

    static byte[] write(ControlAnswer answer) {
        if (answer instanceof ControlAnswer.Channels channels) {
            BinaryOutput output = begin(CHANNELS).number(channels.clients().size());
            channels.clients()
                    .forEach((channel, clients) -> output.text(channel).number(clients));
            return output.toBytes();
        }
        List<ConnectedClient> clients = ((ControlAnswer.Connections) answer).clients();
        BinaryOutput output = begin(CONNECTIONS).number(clients.size());
        for (ConnectedClient client : clients) {
            output.text(client.clientId()).text(client.userId()).text(client.nodeId());
            output.text(client.name()).text(client.version()).text(client.transport());
            output.text(client.protocol()).number(client.channels().size());
            client.channels().forEach(output::text);
            output.number(client.connectedAtMillis());
        }
        return output.toBytes();
    }

    static ControlAnswer readAnswer(byte[] bytes) {
        BinaryInput input = new BinaryInput(bytes, 0);
        int kind = kind(input);
        ControlAnswer answer = switch (kind) {
            case CHANNELS -> readChannels(input);
            case CONNECTIONS -> readConnections(input);
            default -> throw unknown(kind);
        };
        input.end();
        return answer;
    }

    private static ControlAnswer readChannels(BinaryInput input) {
        Map<String, Integer> clients = new LinkedHashMap<>();
        for (int left = input.count(); left > 0; left--) {
            clients.put(input.text(), (int) input.number());
        }
        return new ControlAnswer.Channels(clients);
    }

    private static ControlAnswer readConnections(BinaryInput input) {
        List<ConnectedClient> clients = new ArrayList<>();
        for (int left = input.count(); left > 0; left--) {
            clients.add(new ConnectedClient(
                    input.text(),
                    input.text(),
                    input.text(),
                    input.text(),
                    input.text(),
                    input.text(),
                    input.text(),
                    readTexts(input),
                    input.number()));
        }
        return new ControlAnswer.Connections(clients);
    }

    private static List<String> readTexts(BinaryInput input) {
        List<String> texts = new ArrayList<>();
        for (int left = input.count(); left > 0; left--) {
            texts.add(input.text());
        }
        return texts;
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
