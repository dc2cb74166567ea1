package dev.realtime.protocol.protobuf;

import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.protocol.FilterNode;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads each request from the message just entered, to its end. Unknown fields are passed over. */
final class ProtobufRequests {

    private ProtobufRequests() {}

    static Request.Connect connect(ProtobufInput in, int maxDepth) throws MalformedFrameException {
        String token = "";
        Payload data = null;
        Map<String, Request.Subscribe> subs = Map.of();
        String name = "";
        String version = "";
        Map<String, String> headers = Map.of();
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> token = in.string();
                case 2 -> data = in.payload();
                case 3 -> {
                    subs = subs.isEmpty() ? new LinkedHashMap<>() : subs;
                    readSub(in, subs, maxDepth);
                }
                case 4 -> name = in.string();
                case 5 -> version = in.string();
                case 6 -> {
                    headers = headers.isEmpty() ? new LinkedHashMap<>() : headers;
                    readHeader(in, headers);
                }
                default -> in.skip();
            }
        }
        return new Request.Connect(token, data, subs, name, version, headers);
    }

    private static void readSub(ProtobufInput in, Map<String, Request.Subscribe> subs, int maxDepth)
            throws MalformedFrameException {
        String channel = "";
        Request.Subscribe subscribe = Request.Subscribe.to("");
        int outer = in.enter();
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.string();
                case 2 -> {
                    int entry = in.enter();
                    subscribe = subscribe(in, maxDepth);
                    in.leave(entry);
                }
                default -> in.skip();
            }
        }
        in.leave(outer);
        subs.put(channel, subscribe.withChannel(channel));
    }

    private static void readHeader(ProtobufInput in, Map<String, String> headers) throws MalformedFrameException {
        String name = "";
        String value = "";
        int outer = in.enter();
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> name = in.string();
                case 2 -> value = in.string();
                default -> in.skip();
            }
        }
        in.leave(outer);
        headers.put(name, value);
    }

    static Request.Subscribe subscribe(ProtobufInput in, int maxDepth) throws MalformedFrameException {
        Request.Subscribe.Builder subscribe = Request.Subscribe.builder("");
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> subscribe.channel(in.string());
                case 2 -> subscribe.token(in.string());
                case 3 -> subscribe.recover(in.bool());
                case 6 -> subscribe.epoch(in.string());
                case 7 -> subscribe.offset(in.int64());
                case 8 -> subscribe.data(in.payload());
                case 9 -> subscribe.positioned(in.bool());
                case 10 -> subscribe.recoverable(in.bool());
                case 11 -> subscribe.joinLeave(in.bool());
                case 12 -> subscribe.delta(in.string());
                case 13 -> subscribe.tagsFilter(filter(in, maxDepth));
                case 14 -> subscribe.flag(in.int64());
                case 15 -> subscribe.type(in.int32());
                default -> in.skip();
            }
        }
        return subscribe.build();
    }

    private static FilterNode filter(ProtobufInput in, int maxDepth) throws MalformedFrameException {
        if (maxDepth <= 0) {
            throw new MalformedFrameException("A tags filter must not be nested deeper than the limit.");
        }
        String operation = "";
        String key = "";
        String comparison = "";
        String value = "";
        List<String> values = List.of();
        List<FilterNode> nodes = List.of();
        int outer = in.enter();
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> operation = in.string();
                case 2 -> key = in.string();
                case 3 -> comparison = in.string();
                case 4 -> value = in.string();
                case 5 -> {
                    values = values.isEmpty() ? new ArrayList<>() : values;
                    values.add(in.string());
                }
                case 6 -> {
                    nodes = nodes.isEmpty() ? new ArrayList<>() : nodes;
                    nodes.add(filter(in, maxDepth - 1));
                }
                default -> in.skip();
            }
        }
        in.leave(outer);
        return new FilterNode(operation, key, comparison, value, values, nodes);
    }

    /** The requests that hold only a channel or only a token, as field 1. */
    static String onlyString(ProtobufInput in) throws MalformedFrameException {
        String string = "";
        while (in.nextField()) {
            if (in.field() == 1) {
                string = in.string();
            } else {
                in.skip();
            }
        }
        return string;
    }

    static Request.Publish publish(ProtobufInput in) throws MalformedFrameException {
        String channel = "";
        Payload data = null;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.string();
                case 2 -> data = in.payload();
                default -> in.skip();
            }
        }
        return new Request.Publish(channel, data);
    }

    static Request.History history(ProtobufInput in) throws MalformedFrameException {
        String channel = "";
        int limit = 0;
        StreamPosition since = null;
        boolean reverse = false;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.string();
                case 7 -> limit = in.int32();
                case 8 -> since = position(in);
                case 9 -> reverse = in.bool();
                default -> in.skip();
            }
        }
        return new Request.History(channel, limit, since, reverse);
    }

    private static StreamPosition position(ProtobufInput in) throws MalformedFrameException {
        long offset = 0;
        String epoch = "";
        int outer = in.enter();
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> offset = in.int64();
                case 2 -> epoch = in.string();
                default -> in.skip();
            }
        }
        in.leave(outer);
        return new StreamPosition(offset, epoch);
    }

    static Request.Rpc rpc(ProtobufInput in) throws MalformedFrameException {
        String method = "";
        Payload data = null;
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> data = in.payload();
                case 2 -> method = in.string();
                default -> in.skip();
            }
        }
        return new Request.Rpc(method, data);
    }

    static Request.Send send(ProtobufInput in) throws MalformedFrameException {
        Payload data = null;
        while (in.nextField()) {
            if (in.field() == 1) {
                data = in.payload();
            } else {
                in.skip();
            }
        }
        return new Request.Send(data);
    }

    static Request.SubRefresh subRefresh(ProtobufInput in) throws MalformedFrameException {
        String channel = "";
        String token = "";
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> channel = in.string();
                case 2 -> token = in.string();
                default -> in.skip();
            }
        }
        return new Request.SubRefresh(channel, token);
    }
}
