package dev.realtime.protocol.json;

import static dev.realtime.protocol.json.ProtocolFields.*;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.PushWriter;

/** Writes each push as the fields of its object. */
final class JsonPushes implements PushWriter {

    private static final JsonPushes WRITER = new JsonPushes();

    private JsonPushes() {}

    static void write(WireWriter out, Push push) {
        JsonOutput.number(out, ID, push.channelId());
        JsonOutput.string(out, CHANNEL, push.channel());
        push.writeTo(WRITER, out);
    }

    @Override
    public void publication(WireWriter out, Push.Pub pub) {
        JsonOutput.name(out, PUBLICATION);
        JsonValues.publication(out, pub.publication());
    }

    @Override
    public void join(WireWriter out, Push.Join join) {
        presenceChange(out, JOIN, join.info());
    }

    @Override
    public void leave(WireWriter out, Push.Leave leave) {
        presenceChange(out, LEAVE, leave.info());
    }

    @Override
    public void unsubscribed(WireWriter out, Push.Unsubscribed unsubscribed) {
        end(
                out,
                UNSUBSCRIBE,
                unsubscribed.unsubscribe().code(),
                unsubscribed.unsubscribe().reason());
    }

    @Override
    public void subscribed(WireWriter out, Push.Subscribed subscribed) {
        JsonOutput.openObject(out, SUBSCRIBE);
        JsonOutput.bool(out, RECOVERABLE, subscribed.recoverable());
        if (subscribed.positioned() || subscribed.recoverable()) {
            JsonOutput.string(out, EPOCH, subscribed.position().epoch());
            JsonOutput.number(out, OFFSET, subscribed.position().offset());
        }
        JsonOutput.bool(out, POSITIONED, subscribed.positioned());
        JsonPayloads.write(out, DATA, subscribed.data());
        JsonOutput.close(out);
    }

    @Override
    public void message(WireWriter out, Push.Message message) {
        JsonOutput.openObject(out, MESSAGE);
        JsonPayloads.write(out, DATA, message.data());
        JsonOutput.close(out);
    }

    @Override
    public void connected(WireWriter out, Push.Connected connected) {
        JsonOutput.openObject(out, CONNECT);
        JsonResults.connected(out, connected.result());
        JsonOutput.close(out);
    }

    /** Without {@code reconnect}: SDKs know it from the code. */
    @Override
    public void disconnected(WireWriter out, Push.Disconnected disconnected) {
        end(
                out,
                DISCONNECT,
                disconnected.disconnect().code(),
                disconnected.disconnect().reason());
    }

    @Override
    public void refreshed(WireWriter out, Push.Refreshed refreshed) {
        JsonOutput.openObject(out, REFRESH);
        JsonResults.expiry(out, refreshed.expires(), refreshed.ttlSeconds());
        JsonOutput.close(out);
    }

    private static void presenceChange(WireWriter out, JsonField field, ClientInfo info) {
        JsonOutput.openObject(out, field);
        JsonOutput.name(out, INFO);
        JsonValues.clientInfo(out, info);
        JsonOutput.close(out);
    }

    private static void end(WireWriter out, JsonField field, int code, String reason) {
        JsonOutput.openObject(out, field);
        JsonOutput.number(out, CODE, code);
        JsonOutput.string(out, REASON, reason);
        JsonOutput.close(out);
    }
}
