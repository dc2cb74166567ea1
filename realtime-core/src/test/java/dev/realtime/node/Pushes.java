package dev.realtime.node;

/** Pushes of the server, as {@link ScriptedClient#heard()} shows them. */
public final class Pushes {

    private Pushes() {}

    /** A publication as published by {@link ScriptedServer#publish}: a number as its data, and as its offset. */
    public static String push(String channel, int number) {
        return push(channel, "pub", SubscribedReply.publication(number));
    }

    /** A user's client joined. */
    public static String join(String channel, String user, String client) {
        return push(channel, "join", "{'info':{'user':'" + user + "','client':'" + client + "'}}");
    }

    /** A user's client left. */
    public static String leave(String channel, String user, String client) {
        return push(channel, "leave", "{'info':{'user':'" + user + "','client':'" + client + "'}}");
    }

    /** The server ended the subscription. */
    public static String unsubscribe(String channel, int code, String reason) {
        return push(channel, "unsubscribe", "{'code':" + code + ",'reason':'" + reason + "'}");
    }

    /** A push of another kind, or with other fields. */
    public static String push(String channel, String kind, String json) {
        return "{'push':{'channel':'" + channel + "','" + kind + "':" + json + "}}";
    }
}
