package dev.realtime.protocol.protobuf;

import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.PushWriter;
import dev.realtime.protocol.Result;

/** Writes each push as the fields of its message. */
final class ProtobufPushes implements PushWriter {

    private static final ProtobufPushes WRITER = new ProtobufPushes();

    private ProtobufPushes() {}

    static void write(WireWriter out, Push push) {
        ProtobufOutput.number(out, 1, push.channelId());
        ProtobufOutput.string(out, 2, push.channel());
        push.writeTo(WRITER, out);
    }

    @Override
    public void publication(WireWriter out, Push.Pub pub) {
        ProtobufValues.publication(out, 4, pub.publication());
    }

    @Override
    public void join(WireWriter out, Push.Join join) {
        int start = ProtobufOutput.open(out, 5);
        ProtobufValues.clientInfo(out, 1, join.info());
        ProtobufOutput.close(out, start);
    }

    @Override
    public void leave(WireWriter out, Push.Leave leave) {
        int start = ProtobufOutput.open(out, 6);
        ProtobufValues.clientInfo(out, 1, leave.info());
        ProtobufOutput.close(out, start);
    }

    @Override
    public void unsubscribed(WireWriter out, Push.Unsubscribed unsubscribed) {
        int start = ProtobufOutput.open(out, 7);
        ProtobufOutput.number(out, 2, unsubscribed.unsubscribe().code());
        ProtobufOutput.string(out, 3, unsubscribed.unsubscribe().reason());
        ProtobufOutput.close(out, start);
    }

    @Override
    public void message(WireWriter out, Push.Message message) {
        int start = ProtobufOutput.open(out, 8);
        ProtobufOutput.payload(out, 1, message.data());
        ProtobufOutput.close(out, start);
    }

    @Override
    public void subscribed(WireWriter out, Push.Subscribed subscribed) {
        int start = ProtobufOutput.open(out, 9);
        ProtobufOutput.bool(out, 1, subscribed.recoverable());
        if (subscribed.positioned() || subscribed.recoverable()) {
            ProtobufOutput.string(out, 4, subscribed.position().epoch());
            ProtobufOutput.number(out, 5, subscribed.position().offset());
        }
        ProtobufOutput.bool(out, 6, subscribed.positioned());
        ProtobufOutput.payload(out, 7, subscribed.data());
        ProtobufOutput.close(out, start);
    }

    @Override
    public void connected(WireWriter out, Push.Connected connected) {
        int start = ProtobufOutput.open(out, 10);
        connect(out, connected.result());
        ProtobufOutput.close(out, start);
    }

    /** Without field 3, reconnect: SDKs know it from the code. */
    @Override
    public void disconnected(WireWriter out, Push.Disconnected disconnected) {
        int start = ProtobufOutput.open(out, 11);
        ProtobufOutput.number(out, 1, disconnected.disconnect().code());
        ProtobufOutput.string(out, 2, disconnected.disconnect().reason());
        ProtobufOutput.close(out, start);
    }

    @Override
    public void refreshed(WireWriter out, Push.Refreshed refreshed) {
        int start = ProtobufOutput.open(out, 12);
        ProtobufOutput.bool(out, 1, refreshed.expires());
        ProtobufOutput.number(out, 2, refreshed.ttlSeconds());
        ProtobufOutput.close(out, start);
    }

    /** The same fields as in the result of connect, but under numbers of their own. */
    private static void connect(WireWriter out, Result.Connect connect) {
        ProtobufOutput.string(out, 1, connect.client());
        ProtobufOutput.string(out, 2, connect.version());
        ProtobufOutput.payload(out, 3, connect.data());
        ProtobufResults.subs(out, 4, connect.subs());
        ProtobufOutput.bool(out, 5, connect.expires());
        ProtobufOutput.number(out, 6, connect.ttlSeconds());
        ProtobufOutput.number(out, 7, connect.pingSeconds());
        ProtobufOutput.bool(out, 8, connect.pong());
        ProtobufOutput.string(out, 9, connect.session());
        ProtobufOutput.string(out, 10, connect.node());
        ProtobufOutput.number(out, 11, connect.timeMillis());
    }
}
