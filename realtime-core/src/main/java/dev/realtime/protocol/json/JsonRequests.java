package dev.realtime.protocol.json;

import static dev.realtime.protocol.json.ProtocolFields.*;

import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.protocol.Request;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads each request from the JSON object that was just opened, to its closing brace. Unknown fields are passed over.
 */
final class JsonRequests {

    private JsonRequests() {}

    static Request.Connect connect(JsonInput json) throws MalformedJsonException {
        String token = "";
        Payload data = null;
        Map<String, Request.Subscribe> subs = Map.of();
        String name = "";
        String version = "";
        Map<String, String> headers = Map.of();
        while (json.nextField()) {
            if (json.nameIs(TOKEN)) {
                token = json.string(TOKEN);
            } else if (json.nameIs(DATA)) {
                data = JsonPayloads.read(json);
            } else if (json.nameIs(SUBS)) {
                subs = subs(json);
            } else if (json.nameIs(NAME)) {
                name = json.string(NAME);
            } else if (json.nameIs(VERSION)) {
                version = json.string(VERSION);
            } else if (json.nameIs(HEADERS)) {
                headers = headers(json);
            } else {
                json.skipValue();
            }
        }
        return new Request.Connect(token, data, subs, name, version, headers);
    }

    private static Map<String, Request.Subscribe> subs(JsonInput json) throws MalformedJsonException {
        if (!json.openObject(SUBS)) {
            return Map.of();
        }
        Map<String, Request.Subscribe> subs = new LinkedHashMap<>();
        for (String channel = json.nextKey(); channel != null; channel = json.nextKey()) {
            subs.put(
                    channel,
                    json.openObject(SUBS) ? subscribe(json).withChannel(channel) : Request.Subscribe.to(channel));
        }
        return subs;
    }

    private static Map<String, String> headers(JsonInput json) throws MalformedJsonException {
        if (!json.openObject(HEADERS)) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name = json.nextKey(); name != null; name = json.nextKey()) {
            headers.put(name, json.string(HEADERS));
        }
        return headers;
    }

    static Request.Subscribe subscribe(JsonInput json) throws MalformedJsonException {
        Request.Subscribe.Builder subscribe = Request.Subscribe.builder("");
        while (json.nextField()) {
            if (json.nameIs(CHANNEL)) {
                subscribe.channel(json.string(CHANNEL));
            } else if (json.nameIs(TOKEN)) {
                subscribe.token(json.string(TOKEN));
            } else if (json.nameIs(RECOVER)) {
                subscribe.recover(json.bool(RECOVER));
            } else if (json.nameIs(EPOCH)) {
                subscribe.epoch(json.string(EPOCH));
            } else if (json.nameIs(OFFSET)) {
                subscribe.offset(json.uint64(OFFSET));
            } else if (json.nameIs(DATA)) {
                subscribe.data(JsonPayloads.read(json));
            } else if (json.nameIs(POSITIONED)) {
                subscribe.positioned(json.bool(POSITIONED));
            } else if (json.nameIs(RECOVERABLE)) {
                subscribe.recoverable(json.bool(RECOVERABLE));
            } else if (json.nameIs(JOIN_LEAVE)) {
                subscribe.joinLeave(json.bool(JOIN_LEAVE));
            } else if (json.nameIs(DELTA)) {
                subscribe.delta(json.string(DELTA));
            } else if (json.nameIs(TAGS_FILTER)) {
                subscribe.tagsFilter(json.openObject(TAGS_FILTER) ? JsonFilters.readFields(json) : null);
            } else if (json.nameIs(FLAG)) {
                subscribe.flag(json.int64(FLAG));
            } else if (json.nameIs(TYPE)) {
                subscribe.type(json.int32(TYPE));
            } else {
                json.skipValue();
            }
        }
        return subscribe.build();
    }

    /** The requests that hold a channel only. */
    static String channel(JsonInput json) throws MalformedJsonException {
        String channel = "";
        while (json.nextField()) {
            if (json.nameIs(CHANNEL)) {
                channel = json.string(CHANNEL);
            } else {
                json.skipValue();
            }
        }
        return channel;
    }

    static Request.Publish publish(JsonInput json) throws MalformedJsonException {
        String channel = "";
        Payload data = null;
        while (json.nextField()) {
            if (json.nameIs(CHANNEL)) {
                channel = json.string(CHANNEL);
            } else if (json.nameIs(DATA)) {
                data = JsonPayloads.read(json);
            } else {
                json.skipValue();
            }
        }
        return new Request.Publish(channel, data);
    }

    static Request.History history(JsonInput json) throws MalformedJsonException {
        String channel = "";
        int limit = 0;
        StreamPosition since = null;
        boolean reverse = false;
        while (json.nextField()) {
            if (json.nameIs(CHANNEL)) {
                channel = json.string(CHANNEL);
            } else if (json.nameIs(LIMIT)) {
                limit = json.int32(LIMIT);
            } else if (json.nameIs(SINCE)) {
                since = json.openObject(SINCE) ? position(json) : null;
            } else if (json.nameIs(REVERSE)) {
                reverse = json.bool(REVERSE);
            } else {
                json.skipValue();
            }
        }
        return new Request.History(channel, limit, since, reverse);
    }

    private static StreamPosition position(JsonInput json) throws MalformedJsonException {
        long offset = 0;
        String epoch = "";
        while (json.nextField()) {
            if (json.nameIs(OFFSET)) {
                offset = json.uint64(OFFSET);
            } else if (json.nameIs(EPOCH)) {
                epoch = json.string(EPOCH);
            } else {
                json.skipValue();
            }
        }
        return new StreamPosition(offset, epoch);
    }

    static Request.Rpc rpc(JsonInput json) throws MalformedJsonException {
        String method = "";
        Payload data = null;
        while (json.nextField()) {
            if (json.nameIs(METHOD)) {
                method = json.string(METHOD);
            } else if (json.nameIs(DATA)) {
                data = JsonPayloads.read(json);
            } else {
                json.skipValue();
            }
        }
        return new Request.Rpc(method, data);
    }

    static Request.Send send(JsonInput json) throws MalformedJsonException {
        Payload data = null;
        while (json.nextField()) {
            if (json.nameIs(DATA)) {
                data = JsonPayloads.read(json);
            } else {
                json.skipValue();
            }
        }
        return new Request.Send(data);
    }

    static Request.Refresh refresh(JsonInput json) throws MalformedJsonException {
        String token = "";
        while (json.nextField()) {
            if (json.nameIs(TOKEN)) {
                token = json.string(TOKEN);
            } else {
                json.skipValue();
            }
        }
        return new Request.Refresh(token);
    }

    static Request.SubRefresh subRefresh(JsonInput json) throws MalformedJsonException {
        String channel = "";
        String token = "";
        while (json.nextField()) {
            if (json.nameIs(CHANNEL)) {
                channel = json.string(CHANNEL);
            } else if (json.nameIs(TOKEN)) {
                token = json.string(TOKEN);
            } else {
                json.skipValue();
            }
        }
        return new Request.SubRefresh(channel, token);
    }
}
