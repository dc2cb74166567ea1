package dev.realtime.protocol.protobuf;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Result;
import java.util.Map;

/** Writes each result as a field of its reply. */
final class ProtobufResults {

    private ProtobufResults() {}

    static void write(WireWriter out, Result result) {
        if (result instanceof Result.Publish) {
            ProtobufOutput.close(out, ProtobufOutput.open(out, 8));
        } else if (result instanceof Result.Subscribe subscribe) {
            int start = ProtobufOutput.open(out, 6);
            subscribe(out, subscribe);
            ProtobufOutput.close(out, start);
        } else if (result instanceof Result.Connect connect) {
            int start = ProtobufOutput.open(out, 5);
            connect(out, connect);
            ProtobufOutput.close(out, start);
        } else if (result instanceof Result.Unsubscribe) {
            ProtobufOutput.close(out, ProtobufOutput.open(out, 7));
        } else if (result instanceof Result.Presence presence) {
            int start = ProtobufOutput.open(out, 9);
            presence(out, presence);
            ProtobufOutput.close(out, start);
        } else if (result instanceof Result.PresenceStats stats) {
            int start = ProtobufOutput.open(out, 10);
            ProtobufOutput.number(out, 1, stats.clients());
            ProtobufOutput.number(out, 2, stats.users());
            ProtobufOutput.close(out, start);
        } else if (result instanceof Result.History history) {
            int start = ProtobufOutput.open(out, 11);
            ProtobufValues.publications(out, 1, history.publications());
            ProtobufOutput.string(out, 2, history.position().epoch());
            ProtobufOutput.number(out, 3, history.position().offset());
            ProtobufOutput.close(out, start);
        } else if (result instanceof Result.Rpc rpc) {
            int start = ProtobufOutput.open(out, 13);
            ProtobufOutput.payload(out, 1, rpc.data());
            ProtobufOutput.close(out, start);
        } else if (result instanceof Result.Refresh refresh) {
            // Fields 1 and 2, client and version, stay unset as in the reference server.
            int start = ProtobufOutput.open(out, 14);
            ProtobufOutput.bool(out, 3, refresh.expires());
            ProtobufOutput.number(out, 4, refresh.ttlSeconds());
            ProtobufOutput.close(out, start);
        } else if (result instanceof Result.SubRefresh refresh) {
            int start = ProtobufOutput.open(out, 15);
            ProtobufOutput.bool(out, 1, refresh.expires());
            ProtobufOutput.number(out, 2, refresh.ttlSeconds());
            ProtobufOutput.close(out, start);
        }
    }

    private static void connect(WireWriter out, Result.Connect connect) {
        ProtobufOutput.string(out, 1, connect.client());
        ProtobufOutput.string(out, 2, connect.version());
        ProtobufOutput.bool(out, 3, connect.expires());
        ProtobufOutput.number(out, 4, connect.ttlSeconds());
        ProtobufOutput.payload(out, 5, connect.data());
        subs(out, 6, connect.subs());
        ProtobufOutput.number(out, 7, connect.pingSeconds());
        ProtobufOutput.bool(out, 8, connect.pong());
        ProtobufOutput.string(out, 9, connect.session());
        ProtobufOutput.string(out, 10, connect.node());
        ProtobufOutput.number(out, 11, connect.timeMillis());
    }

    static void subs(WireWriter out, int field, Map<String, Result.Subscribe> subs) {
        for (Map.Entry<String, Result.Subscribe> sub : subs.entrySet()) {
            int entry = ProtobufOutput.open(out, field);
            ProtobufOutput.string(out, 1, sub.getKey());
            int value = ProtobufOutput.open(out, 2);
            subscribe(out, sub.getValue());
            ProtobufOutput.close(out, value);
            ProtobufOutput.close(out, entry);
        }
    }

    private static void subscribe(WireWriter out, Result.Subscribe subscribe) {
        ProtobufOutput.bool(out, 1, subscribe.expires());
        ProtobufOutput.number(out, 2, subscribe.ttlSeconds());
        ProtobufOutput.bool(out, 3, subscribe.recoverable());
        ProtobufOutput.string(out, 6, subscribe.epoch());
        ProtobufValues.publications(out, 7, subscribe.publications());
        ProtobufOutput.bool(out, 8, subscribe.recovered());
        ProtobufOutput.number(out, 9, subscribe.offset());
        ProtobufOutput.bool(out, 10, subscribe.positioned());
        ProtobufOutput.payload(out, 11, subscribe.data());
        ProtobufOutput.bool(out, 12, subscribe.wasRecovering());
        ProtobufOutput.bool(out, 13, subscribe.delta());
    }

    private static void presence(WireWriter out, Result.Presence presence) {
        for (Map.Entry<String, ClientInfo> client : presence.presence().entrySet()) {
            int entry = ProtobufOutput.open(out, 1);
            ProtobufOutput.string(out, 1, client.getKey());
            ProtobufValues.clientInfo(out, 2, client.getValue());
            ProtobufOutput.close(out, entry);
        }
    }
}
