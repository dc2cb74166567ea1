package dev.realtime.protocol;

import com.google.protobuf.ByteString;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.protocol.wire.Wire;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client that speaks Protobuf. */
final class ProtobufClientCodec implements ClientCodec {

    @Override
    public byte[] encode(Command... commands) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (Command command : commands) {
            frame.writeBytes(delimited(ProtobufCommandEncoder.command(command)));
        }
        return frame.toByteArray();
    }

    private static byte[] delimited(Wire.Command command) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try {
            command.writeDelimitedTo(message);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return message.toByteArray();
    }

    @Override
    public List<Object> decode(byte[] message) {
        List<Object> decoded = new ArrayList<>();
        ByteArrayInputStream in = new ByteArrayInputStream(message);
        try {
            for (Wire.Reply reply = Wire.Reply.parseDelimitedFrom(in);
                    reply != null;
                    reply = Wire.Reply.parseDelimitedFrom(in)) {
                decoded.add(reply(reply));
            }
        } catch (IOException malformed) {
            throw new IllegalArgumentException("not a message of replies", malformed);
        }
        return decoded;
    }

    private static Object reply(Wire.Reply reply) {
        if (reply.equals(Wire.Reply.getDefaultInstance())) {
            return new Ping();
        }
        if (reply.hasPush()) {
            return push(reply.getPush());
        }
        long id = Integer.toUnsignedLong(reply.getId());
        if (reply.hasError()) {
            Wire.Error error = reply.getError();
            return new Reply.Failure(id, new ClientError(error.getCode(), error.getMessage(), error.getTemporary()));
        }
        return new Reply.Success(id, result(reply));
    }

    private static Result result(Wire.Reply reply) {
        if (reply.hasConnect()) {
            return connect(reply.getConnect());
        } else if (reply.hasSubscribe()) {
            return subscribe(reply.getSubscribe());
        } else if (reply.hasUnsubscribe()) {
            return new Result.Unsubscribe();
        } else if (reply.hasPublish()) {
            return new Result.Publish();
        } else if (reply.hasPresence()) {
            return new Result.Presence(map(reply.getPresence().getPresenceMap(), ProtobufClientCodec::clientInfo));
        } else if (reply.hasPresenceStats()) {
            Wire.PresenceStatsResult stats = reply.getPresenceStats();
            return new Result.PresenceStats(stats.getNumClients(), stats.getNumUsers());
        } else if (reply.hasHistory()) {
            Wire.HistoryResult history = reply.getHistory();
            return new Result.History(
                    publications(history.getPublicationsList()),
                    new StreamPosition(history.getOffset(), history.getEpoch()));
        } else if (reply.hasRpc()) {
            return new Result.Rpc(payload(reply.getRpc().getData()));
        } else if (reply.hasRefresh()) {
            return new Result.Refresh(
                    reply.getRefresh().getExpires(), reply.getRefresh().getTtl());
        } else if (reply.hasSubRefresh()) {
            return new Result.SubRefresh(
                    reply.getSubRefresh().getExpires(), reply.getSubRefresh().getTtl());
        }
        throw new IllegalArgumentException("unknown result " + reply);
    }

    private static Push push(Wire.Push push) {
        return push.getId() == 0 ? named(push) : new Push.Compact(push.getId(), named(push));
    }

    private static Push named(Wire.Push push) {
        String channel = push.getChannel();
        if (push.hasPub()) {
            return new Push.Pub(channel, publication(push.getPub()));
        } else if (push.hasJoin()) {
            return new Push.Join(channel, clientInfo(push.getJoin().getInfo()));
        } else if (push.hasLeave()) {
            return new Push.Leave(channel, clientInfo(push.getLeave().getInfo()));
        } else if (push.hasUnsubscribe()) {
            Wire.Unsubscribe unsubscribe = push.getUnsubscribe();
            return new Push.Unsubscribed(channel, new Unsubscribe(unsubscribe.getCode(), unsubscribe.getReason()));
        } else if (push.hasMessage()) {
            return new Push.Message(data(push.getMessage().getData()));
        } else if (push.hasSubscribe()) {
            Wire.Subscribe subscribe = push.getSubscribe();
            return new Push.Subscribed(
                    channel,
                    subscribe.getRecoverable(),
                    subscribe.getPositioned(),
                    new StreamPosition(subscribe.getOffset(), subscribe.getEpoch()),
                    payload(subscribe.getData()));
        } else if (push.hasConnect()) {
            return new Push.Connected(connect(push.getConnect()));
        } else if (push.hasDisconnect()) {
            Wire.Disconnect disconnect = push.getDisconnect();
            return new Push.Disconnected(new Disconnect(disconnect.getCode(), disconnect.getReason()));
        } else if (push.hasRefresh()) {
            return new Push.Refreshed(
                    push.getRefresh().getExpires(), push.getRefresh().getTtl());
        }
        throw new IllegalArgumentException("unknown push " + push);
    }

    private static Result.Connect connect(Wire.ConnectResult connect) {
        return new Result.Connect(
                connect.getClient(),
                connect.getVersion(),
                connect.getExpires(),
                connect.getTtl(),
                payload(connect.getData()),
                map(connect.getSubsMap(), ProtobufClientCodec::subscribe),
                connect.getPing(),
                connect.getPong(),
                connect.getSession(),
                connect.getNode(),
                connect.getTime());
    }

    private static Result.Connect connect(Wire.Connect connect) {
        return new Result.Connect(
                connect.getClient(),
                connect.getVersion(),
                connect.getExpires(),
                connect.getTtl(),
                payload(connect.getData()),
                map(connect.getSubsMap(), ProtobufClientCodec::subscribe),
                connect.getPing(),
                connect.getPong(),
                connect.getSession(),
                connect.getNode(),
                connect.getTime());
    }

    private static Result.Subscribe subscribe(Wire.SubscribeResult subscribe) {
        return new Result.Subscribe(
                subscribe.getExpires(),
                subscribe.getTtl(),
                subscribe.getRecoverable(),
                subscribe.getEpoch(),
                publications(subscribe.getPublicationsList()),
                subscribe.getRecovered(),
                subscribe.getOffset(),
                subscribe.getPositioned(),
                payload(subscribe.getData()),
                subscribe.getWasRecovering(),
                subscribe.getDelta(),
                subscribe.getId(),
                subscribe.getPublishDebounce());
    }

    private static List<Publication> publications(List<Wire.Publication> publications) {
        return publications.stream().map(ProtobufClientCodec::publication).toList();
    }

    private static Publication publication(Wire.Publication publication) {
        return new Publication(
                        data(publication.getData()),
                        publication.hasInfo() ? clientInfo(publication.getInfo()) : null,
                        publication.getOffset(),
                        publication.getTagsMap())
                .withVersion(publication.getVersion())
                .withEpoch(publication.getEpoch())
                .withDelta(publication.getDelta() ? Publication.Delta.PATCH : Publication.Delta.NONE);
    }

    private static ClientInfo clientInfo(Wire.ClientInfo info) {
        return new ClientInfo(
                info.getUser(), info.getClient(), payload(info.getConnInfo()), payload(info.getChanInfo()));
    }

    private static Payload data(ByteString bytes) {
        return Objects.requireNonNullElse(payload(bytes), Payload.empty());
    }

    private static @Nullable Payload payload(ByteString bytes) {
        return bytes.isEmpty() ? null : Payload.of(bytes.toByteArray());
    }

    private static <F, T> Map<String, T> map(Map<String, F> from, Function<F, T> convert) {
        Map<String, T> map = new LinkedHashMap<>();
        from.forEach((key, value) -> map.put(key, convert.apply(value)));
        return map;
    }
}
