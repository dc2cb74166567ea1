package dev.realtime.protocol.protobuf;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Result;
import dev.realtime.protocol.ResultWriter;
import java.util.Map;

/** Writes each result as a field of its reply. */
final class ProtobufResults implements ResultWriter {

    private static final ProtobufResults WRITER = new ProtobufResults();

    private ProtobufResults() {}

    static void write(WireWriter out, Result result) {
        result.writeTo(WRITER, out);
    }

    @Override
    public void connect(WireWriter out, Result.Connect connect) {
        int start = ProtobufOutput.open(out, 5);
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
        ProtobufOutput.close(out, start);
    }

    @Override
    public void subscribe(WireWriter out, Result.Subscribe subscribe) {
        int start = ProtobufOutput.open(out, 6);
        subscribed(out, subscribe);
        ProtobufOutput.close(out, start);
    }

    @Override
    public void unsubscribe(WireWriter out, Result.Unsubscribe unsubscribe) {
        ProtobufOutput.close(out, ProtobufOutput.open(out, 7));
    }

    @Override
    public void publish(WireWriter out, Result.Publish publish) {
        ProtobufOutput.close(out, ProtobufOutput.open(out, 8));
    }

    @Override
    public void presence(WireWriter out, Result.Presence presence) {
        int start = ProtobufOutput.open(out, 9);
        for (Map.Entry<String, ClientInfo> client : presence.presence().entrySet()) {
            int entry = ProtobufOutput.open(out, 1);
            ProtobufOutput.string(out, 1, client.getKey());
            ProtobufValues.clientInfo(out, 2, client.getValue());
            ProtobufOutput.close(out, entry);
        }
        ProtobufOutput.close(out, start);
    }

    @Override
    public void presenceStats(WireWriter out, Result.PresenceStats stats) {
        int start = ProtobufOutput.open(out, 10);
        ProtobufOutput.number(out, 1, stats.clients());
        ProtobufOutput.number(out, 2, stats.users());
        ProtobufOutput.close(out, start);
    }

    @Override
    public void history(WireWriter out, Result.History history) {
        int start = ProtobufOutput.open(out, 11);
        ProtobufValues.publications(out, 1, history.publications());
        ProtobufOutput.string(out, 2, history.position().epoch());
        ProtobufOutput.number(out, 3, history.position().offset());
        ProtobufOutput.close(out, start);
    }

    @Override
    public void rpc(WireWriter out, Result.Rpc rpc) {
        int start = ProtobufOutput.open(out, 13);
        ProtobufOutput.payload(out, 1, rpc.data());
        ProtobufOutput.close(out, start);
    }

    /** Fields 1 and 2, client and version, stay unset as in the reference server. */
    @Override
    public void refresh(WireWriter out, Result.Refresh refresh) {
        int start = ProtobufOutput.open(out, 14);
        ProtobufOutput.bool(out, 3, refresh.expires());
        ProtobufOutput.number(out, 4, refresh.ttlSeconds());
        ProtobufOutput.close(out, start);
    }

    @Override
    public void subRefresh(WireWriter out, Result.SubRefresh refresh) {
        int start = ProtobufOutput.open(out, 15);
        ProtobufOutput.bool(out, 1, refresh.expires());
        ProtobufOutput.number(out, 2, refresh.ttlSeconds());
        ProtobufOutput.close(out, start);
    }

    static void subs(WireWriter out, int field, Map<String, Result.Subscribe> subs) {
        for (Map.Entry<String, Result.Subscribe> sub : subs.entrySet()) {
            int entry = ProtobufOutput.open(out, field);
            ProtobufOutput.string(out, 1, sub.getKey());
            int value = ProtobufOutput.open(out, 2);
            subscribed(out, sub.getValue());
            ProtobufOutput.close(out, value);
            ProtobufOutput.close(out, entry);
        }
    }

    private static void subscribed(WireWriter out, Result.Subscribe subscribe) {
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
        ProtobufOutput.number(out, 14, subscribe.channelId());
        ProtobufOutput.number(out, 19, subscribe.publishDebounceMillis());
    }
}
