package dev.realtime.node;

import java.util.Map;

/** A connect command of a {@link ScriptedClient}. */
public final class ConnectRequest extends ClientRequest<ConnectRequest> {

    static final int ID = 1;

    private final ScriptedClient client;

    private final StringBuilder subs = new StringBuilder();

    ConnectRequest(ScriptedClient client) {
        super(client, ID, "connect");
        this.client = client;
    }

    public ConnectRequest token(String token) {
        return withText("token", token);
    }

    /** Asks the server to subscribe to channels. */
    public ConnectRequest subscribing(String... channels) {
        for (String channel : channels) {
            sub(channel, "{}");
        }
        return this;
    }

    /** Asks the server to subscribe to a channel and to recover what came after a position. */
    public ConnectRequest recovering(String channel, long offset, String epoch) {
        return sub(channel, "{'recover':true,'epoch':'" + epoch + "','offset':" + offset + "}");
    }

    private ConnectRequest sub(String channel, String json) {
        subs.append(subs.isEmpty() ? "" : ",").append("'" + channel + "':").append(json);
        return this;
    }

    /**
     * Sends it and returns the subscriptions of the one message that came back, by channel and in its order. It must be
     * a reply that is no error and has no other fields than every server of its kind sends.
     */
    public Map<String, SubscribedReply> subscriptions() {
        return ConnectedReply.subscriptions(message(), client.name());
    }

    @Override
    public String toString() {
        String frame = super.toString();
        if (subs.isEmpty()) {
            return frame;
        }
        String fields = frame.substring(0, frame.length() - 2);
        return fields + (fields.endsWith("{") ? "" : ",") + "'subs':{" + subs + "}}}";
    }
}
