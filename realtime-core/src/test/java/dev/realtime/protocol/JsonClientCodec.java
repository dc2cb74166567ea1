package dev.realtime.protocol;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A client that speaks JSON. */
final class JsonClientCodec implements ClientCodec {

    @Override
    public byte[] encode(Command... commands) {
        return JsonCommandEncoder.encode(commands);
    }

    @Override
    public List<Object> decode(byte[] message) {
        List<Object> decoded = new ArrayList<>();
        int from = 0;
        while (from <= message.length) {
            int to = from;
            while (to < message.length && message[to] != '\n') {
                to++;
            }
            decoded.add(reply(JsonObject.parse(Arrays.copyOfRange(message, from, to))));
            from = to + 1;
        }
        return decoded;
    }

    private static Object reply(JsonObject reply) {
        long id = reply.number("id");
        String kind = reply.names().stream()
                .filter(name -> !name.equals("id"))
                .findFirst()
                .orElse("");
        JsonObject body = reply.object(kind);
        if (body == null) {
            return new Ping();
        }
        return switch (kind) {
            case "push" -> push(body);
            case "error" ->
                new Reply.Failure(
                        id, new ClientError(body.integer("code"), body.string("message"), body.bool("temporary")));
            default -> new Reply.Success(id, result(kind, body));
        };
    }

    private static Result result(String kind, JsonObject body) {
        return switch (kind) {
            case "connect" -> connect(body);
            case "subscribe" -> subscribe(body);
            case "unsubscribe" -> new Result.Unsubscribe();
            case "publish" -> new Result.Publish();
            case "presence" -> new Result.Presence(body.map("presence", JsonClientCodec::clientInfo));
            case "presence_stats" -> new Result.PresenceStats(body.integer("num_clients"), body.integer("num_users"));
            case "history" ->
                new Result.History(body.list("publications", JsonClientCodec::publication), position(body));
            case "rpc" -> new Result.Rpc(body.payload("data"));
            case "refresh" -> new Result.Refresh(body.bool("expires"), body.integer("ttl"));
            case "sub_refresh" -> new Result.SubRefresh(body.bool("expires"), body.integer("ttl"));
            default -> throw new IllegalArgumentException("unknown result " + kind);
        };
    }

    private static Push push(JsonObject push) {
        long id = push.number("id");
        return id == 0 ? named(push) : new Push.Compact(id, named(push));
    }

    private static Push named(JsonObject push) {
        String channel = push.string("channel");
        String kind = push.names().stream()
                .filter(name -> !name.equals("channel") && !name.equals("id"))
                .findFirst()
                .orElse("");
        JsonObject body = object(push, kind);
        return switch (kind) {
            case "pub" -> new Push.Pub(channel, publication(body));
            case "join" -> new Push.Join(channel, clientInfo(object(body, "info")));
            case "leave" -> new Push.Leave(channel, clientInfo(object(body, "info")));
            case "unsubscribe" ->
                new Push.Unsubscribed(channel, new Unsubscribe(body.integer("code"), body.string("reason")));
            case "subscribe" ->
                new Push.Subscribed(
                        channel,
                        body.bool("recoverable"),
                        body.bool("positioned"),
                        position(body),
                        body.payload("data"));
            case "message" -> new Push.Message(data(body));
            case "connect" -> new Push.Connected(connect(body));
            case "disconnect" -> new Push.Disconnected(new Disconnect(body.integer("code"), body.string("reason")));
            case "refresh" -> new Push.Refreshed(body.bool("expires"), body.integer("ttl"));
            default -> throw new IllegalArgumentException("unknown push " + kind);
        };
    }

    private static Result.Connect connect(JsonObject connect) {
        return new Result.Connect(
                connect.string("client"),
                connect.string("version"),
                connect.bool("expires"),
                connect.integer("ttl"),
                connect.payload("data"),
                connect.map("subs", JsonClientCodec::subscribe),
                connect.integer("ping"),
                connect.bool("pong"),
                connect.string("session"),
                connect.string("node"),
                connect.number("time"));
    }

    private static Result.Subscribe subscribe(JsonObject subscribe) {
        return new Result.Subscribe(
                subscribe.bool("expires"),
                subscribe.integer("ttl"),
                subscribe.bool("recoverable"),
                subscribe.string("epoch"),
                subscribe.list("publications", JsonClientCodec::publication),
                subscribe.bool("recovered"),
                subscribe.number("offset"),
                subscribe.bool("positioned"),
                subscribe.payload("data"),
                subscribe.bool("was_recovering"),
                subscribe.bool("delta"),
                subscribe.number("id"),
                subscribe.integer("publish_debounce"));
    }

    private static Publication publication(JsonObject publication) {
        JsonObject info = publication.object("info");
        return new Publication(
                        data(publication),
                        info == null ? null : clientInfo(info),
                        publication.number("offset"),
                        publication.strings("tags"))
                .withVersion(publication.number("version"))
                .withEpoch(publication.string("epoch"))
                .withDelta(publication.bool("delta") ? Publication.Delta.PATCH : Publication.Delta.NONE);
    }

    private static ClientInfo clientInfo(JsonObject info) {
        return new ClientInfo(
                info.string("user"), info.string("client"), info.payload("conn_info"), info.payload("chan_info"));
    }

    private static StreamPosition position(JsonObject object) {
        return new StreamPosition(object.number("offset"), object.string("epoch"));
    }

    private static JsonObject object(JsonObject parent, String name) {
        return Objects.requireNonNull(parent.object(name), () -> "no " + name);
    }

    private static Payload data(JsonObject object) {
        return Objects.requireNonNullElse(object.payload("data"), Payload.empty());
    }
}
