package dev.realtime.test.protocol;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the client protocol with the numbers and names of their fields, which are the names of the JSON encoding.
 * From {@code client.proto} of the protocol.
 */
final class ProtobufSchema {

    /** Type of a field. */
    enum Kind {
        STRING,
        /** Bytes of the application, JSON or not. */
        DATA,
        NUMBER,
        BOOLEAN,
        MESSAGE,
        STRINGS,
        MESSAGES,
        MAP_OF_STRINGS,
        MAP_OF_MESSAGES
    }

    /**
     * One field.
     *
     * @param type name of the message it holds; empty if it holds none
     */
    record Field(int number, String name, Kind kind, String type) {}

    private static final Map<String, Map<Integer, Field>> BY_NUMBER = new HashMap<>();

    private static final Map<String, Map<String, Field>> BY_NAME = new HashMap<>();

    static {
        define(
                "Command",
                "1 id NUMBER, 4 connect ConnectRequest, 5 subscribe SubscribeRequest, 6 unsubscribe ChannelRequest,"
                        + " 7 publish PublishRequest, 8 presence ChannelRequest, 9 presence_stats ChannelRequest,"
                        + " 10 history HistoryRequest, 12 send SendRequest, 13 rpc RpcRequest,"
                        + " 14 refresh RefreshRequest, 15 sub_refresh SubRefreshRequest");
        define(
                "ConnectRequest",
                "1 token STRING, 2 data DATA, 3 subs MAP_OF SubscribeRequest, 4 name STRING, 5 version STRING,"
                        + " 6 headers MAP_OF_STRINGS");
        define(
                "SubscribeRequest",
                "1 channel STRING, 2 token STRING, 3 recover BOOLEAN, 6 epoch STRING, 7 offset NUMBER, 8 data DATA,"
                        + " 9 positioned BOOLEAN, 10 recoverable BOOLEAN, 11 join_leave BOOLEAN, 12 delta STRING");
        define("ChannelRequest", "1 channel STRING");
        define("PublishRequest", "1 channel STRING, 2 data DATA");
        define("StreamPosition", "1 offset NUMBER, 2 epoch STRING");
        define("HistoryRequest", "1 channel STRING, 7 limit NUMBER, 8 since StreamPosition, 9 reverse BOOLEAN");
        define("SendRequest", "1 data DATA");
        define("RpcRequest", "1 data DATA, 2 method STRING");
        define("RefreshRequest", "1 token STRING");
        define("SubRefreshRequest", "1 channel STRING, 2 token STRING");
        define(
                "Reply",
                "1 id NUMBER, 2 error Error, 4 push Push, 5 connect ConnectResult, 6 subscribe SubscribeResult,"
                        + " 7 unsubscribe Empty, 8 publish Empty, 9 presence PresenceResult,"
                        + " 10 presence_stats PresenceStatsResult, 11 history HistoryResult, 13 rpc DataResult,"
                        + " 14 refresh RefreshResult, 15 sub_refresh SubRefreshResult");
        define("Empty", "");
        define("Error", "1 code NUMBER, 2 message STRING, 3 temporary BOOLEAN");
        define(
                "ConnectResult",
                "1 client STRING, 2 version STRING, 3 expires BOOLEAN, 4 ttl NUMBER, 5 data DATA,"
                        + " 6 subs MAP_OF SubscribeResult, 7 ping NUMBER, 8 pong BOOLEAN, 9 session STRING,"
                        + " 10 node STRING, 11 time NUMBER");
        define(
                "SubscribeResult",
                "1 expires BOOLEAN, 2 ttl NUMBER, 3 recoverable BOOLEAN, 6 epoch STRING,"
                        + " 7 publications LIST_OF Publication, 8 recovered BOOLEAN, 9 offset NUMBER,"
                        + " 10 positioned BOOLEAN, 11 data DATA, 12 was_recovering BOOLEAN, 13 delta BOOLEAN");
        define(
                "Publication",
                "4 data DATA, 5 info ClientInfo, 6 offset NUMBER, 7 tags MAP_OF_STRINGS, 8 delta BOOLEAN,"
                        + " 14 epoch STRING, 16 version NUMBER");
        define("ClientInfo", "1 user STRING, 2 client STRING, 3 conn_info DATA, 4 chan_info DATA");
        define("PresenceResult", "1 presence MAP_OF ClientInfo");
        define("PresenceStatsResult", "1 num_clients NUMBER, 2 num_users NUMBER");
        define("HistoryResult", "1 publications LIST_OF Publication, 2 epoch STRING, 3 offset NUMBER");
        define("DataResult", "1 data DATA");
        define("RefreshResult", "1 client STRING, 2 version STRING, 3 expires BOOLEAN, 4 ttl NUMBER");
        define("SubRefreshResult", "1 expires BOOLEAN, 2 ttl NUMBER");
        define(
                "Push",
                "2 channel STRING, 4 pub Publication, 5 join Member, 6 leave Member, 7 unsubscribe Unsubscribed,"
                        + " 8 message DataResult, 9 subscribe Subscribed, 11 disconnect Disconnected,"
                        + " 12 refresh SubRefreshResult");
        define("Member", "1 info ClientInfo");
        define("Unsubscribed", "2 code NUMBER, 3 reason STRING");
        define(
                "Subscribed",
                "1 recoverable BOOLEAN, 4 epoch STRING, 5 offset NUMBER, 6 positioned BOOLEAN, 7 data DATA");
        define("Disconnected", "1 code NUMBER, 2 reason STRING");
    }

    private ProtobufSchema() {}

    /** Defines a message; each field is its number, its name, and a kind or the name of a message. */
    private static void define(String message, String fields) {
        Map<Integer, Field> byNumber = new HashMap<>();
        Map<String, Field> byName = new HashMap<>();
        for (String text : fields.isEmpty() ? new String[0] : fields.split(", *")) {
            String[] words = text.split(" ");
            Field field = field(Integer.parseInt(words[0]), words[1], words[2], words[words.length - 1]);
            byNumber.put(field.number(), field);
            byName.put(field.name(), field);
        }
        BY_NUMBER.put(message, byNumber);
        BY_NAME.put(message, byName);
    }

    private static Field field(int number, String name, String kind, String type) {
        return switch (kind) {
            case "MAP_OF" -> new Field(number, name, Kind.MAP_OF_MESSAGES, type);
            case "LIST_OF" -> new Field(number, name, Kind.MESSAGES, type);
            default ->
                kind.equals(kind.toUpperCase(Locale.ROOT))
                        ? new Field(number, name, Kind.valueOf(kind), "")
                        : new Field(number, name, Kind.MESSAGE, kind);
        };
    }

    /** Returns a field by its number, or {@code null} if the message has none that matters here. */
    static @Nullable Field field(String message, int number) {
        return BY_NUMBER.getOrDefault(message, Map.of()).get(number);
    }

    /**
     * Returns a field by its name.
     *
     * @throws IllegalArgumentException if the message has none of that name
     */
    static Field field(String message, String name) {
        Field field = BY_NAME.getOrDefault(message, Map.of()).get(name);
        if (field == null) {
            throw new IllegalArgumentException("A " + message + " has no field '" + name + "'.");
        }
        return field;
    }
}
