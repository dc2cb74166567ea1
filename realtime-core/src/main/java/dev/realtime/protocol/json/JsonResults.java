package dev.realtime.protocol.json;

import static dev.realtime.protocol.json.ProtocolFields.*;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Result;
import dev.realtime.protocol.ResultWriter;
import java.util.Map;

/** Writes each result as a field of its reply. */
final class JsonResults implements ResultWriter {

    private static final JsonResults WRITER = new JsonResults();

    private JsonResults() {}

    static void write(WireWriter out, Result result) {
        result.writeTo(WRITER, out);
    }

    @Override
    public void connect(WireWriter out, Result.Connect connect) {
        JsonOutput.openObject(out, CONNECT);
        connected(out, connect);
        JsonOutput.close(out);
    }

    @Override
    public void subscribe(WireWriter out, Result.Subscribe subscribe) {
        JsonOutput.openObject(out, SUBSCRIBE);
        subscribed(out, subscribe);
        JsonOutput.close(out);
    }

    @Override
    public void unsubscribe(WireWriter out, Result.Unsubscribe unsubscribe) {
        JsonOutput.openObject(out, UNSUBSCRIBE);
        JsonOutput.close(out);
    }

    @Override
    public void publish(WireWriter out, Result.Publish publish) {
        JsonOutput.openObject(out, PUBLISH);
        JsonOutput.close(out);
    }

    /** The inner object is written even if there are no clients. */
    @Override
    public void presence(WireWriter out, Result.Presence presence) {
        JsonOutput.openObject(out, PRESENCE);
        JsonOutput.openObject(out, PRESENCE);
        for (Map.Entry<String, ClientInfo> client : presence.presence().entrySet()) {
            JsonOutput.key(out, client.getKey());
            JsonValues.clientInfo(out, client.getValue());
        }
        JsonOutput.close(out);
        JsonOutput.close(out);
    }

    @Override
    public void presenceStats(WireWriter out, Result.PresenceStats stats) {
        JsonOutput.openObject(out, PRESENCE_STATS);
        JsonOutput.name(out, NUM_CLIENTS);
        JsonOutput.number(out, stats.clients());
        JsonOutput.name(out, NUM_USERS);
        JsonOutput.number(out, stats.users());
        JsonOutput.close(out);
    }

    /** All three fields are always written. */
    @Override
    public void history(WireWriter out, Result.History history) {
        JsonOutput.openObject(out, HISTORY);
        JsonValues.publicationsEvenIfEmpty(out, history.publications());
        JsonOutput.name(out, EPOCH);
        JsonOutput.string(out, history.position().epoch());
        JsonOutput.name(out, OFFSET);
        JsonOutput.number(out, history.position().offset());
        JsonOutput.close(out);
    }

    @Override
    public void rpc(WireWriter out, Result.Rpc rpc) {
        JsonOutput.openObject(out, RPC);
        JsonPayloads.write(out, DATA, rpc.data());
        JsonOutput.close(out);
    }

    @Override
    public void refresh(WireWriter out, Result.Refresh refresh) {
        JsonOutput.openObject(out, REFRESH);
        expiry(out, refresh.expires(), refresh.ttlSeconds());
        JsonOutput.close(out);
    }

    @Override
    public void subRefresh(WireWriter out, Result.SubRefresh refresh) {
        JsonOutput.openObject(out, SUB_REFRESH);
        expiry(out, refresh.expires(), refresh.ttlSeconds());
        JsonOutput.close(out);
    }

    static void connected(WireWriter out, Result.Connect connect) {
        JsonOutput.string(out, CLIENT, connect.client());
        JsonOutput.string(out, VERSION, connect.version());
        expiry(out, connect.expires(), connect.ttlSeconds());
        JsonPayloads.write(out, DATA, connect.data());
        if (!connect.subs().isEmpty()) {
            JsonOutput.openObject(out, SUBS);
            for (Map.Entry<String, Result.Subscribe> sub : connect.subs().entrySet()) {
                JsonOutput.key(out, sub.getKey());
                JsonOutput.open(out);
                subscribed(out, sub.getValue());
                JsonOutput.close(out);
            }
            JsonOutput.close(out);
        }
        JsonOutput.number(out, PING, connect.pingSeconds());
        JsonOutput.bool(out, PONG, connect.pong());
        JsonOutput.string(out, SESSION, connect.session());
        JsonOutput.string(out, NODE, connect.node());
        JsonOutput.number(out, TIME, connect.timeMillis());
    }

    private static void subscribed(WireWriter out, Result.Subscribe subscribe) {
        expiry(out, subscribe.expires(), subscribe.ttlSeconds());
        JsonOutput.bool(out, RECOVERABLE, subscribe.recoverable());
        JsonOutput.string(out, EPOCH, subscribe.epoch());
        JsonValues.publications(out, subscribe.publications());
        JsonOutput.bool(out, RECOVERED, subscribe.recovered());
        JsonOutput.number(out, OFFSET, subscribe.offset());
        JsonOutput.bool(out, POSITIONED, subscribe.positioned());
        JsonPayloads.write(out, DATA, subscribe.data());
        JsonOutput.bool(out, WAS_RECOVERING, subscribe.wasRecovering());
        JsonOutput.bool(out, DELTA, subscribe.delta());
        JsonOutput.number(out, ID, subscribe.channelId());
        JsonOutput.number(out, PUBLISH_DEBOUNCE, subscribe.publishDebounceMillis());
    }

    static void expiry(WireWriter out, boolean expires, int ttlSeconds) {
        JsonOutput.bool(out, EXPIRES, expires);
        JsonOutput.number(out, TTL, ttlSeconds);
    }
}
