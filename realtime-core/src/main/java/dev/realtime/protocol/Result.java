package dev.realtime.protocol;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Result in a successful {@link Reply}. Empty strings, zeros and empty collections are left out on the wire. */
public sealed interface Result {

    /**
     * Result of connect.
     *
     * @param ttlSeconds time until the client must refresh; 0 when {@code expires} is false
     * @param pingSeconds interval in which the server pings; 0 if it does not
     * @param pong whether the client must reply to pings
     * @param session secret of emulated transports, else empty
     * @param node node id for emulated transports, else empty
     * @param timeMillis server time if it is configured to be sent, else 0
     */
    record Connect(
            String client,
            String version,
            boolean expires,
            int ttlSeconds,
            @Nullable Payload data,
            Map<String, Subscribe> subs,
            int pingSeconds,
            boolean pong,
            String session,
            String node,
            long timeMillis)
            implements Result {}

    /**
     * Result of subscribe, and the entry of a server-side subscription in {@link Connect}.
     *
     * @param publications recovered ones, oldest first
     * @param recovered whether everything missed since the asked position is in {@code publications}
     * @param offset the asked offset when recovered, else the top of the stream
     * @param wasRecovering whether recovery was tried
     * @param delta whether delta compression was agreed on
     */
    record Subscribe(
            boolean expires,
            int ttlSeconds,
            boolean recoverable,
            String epoch,
            List<Publication> publications,
            boolean recovered,
            long offset,
            boolean positioned,
            @Nullable Payload data,
            boolean wasRecovering,
            boolean delta)
            implements Result {}

    /** Result of unsubscribe. */
    record Unsubscribe() implements Result {}

    /** Result of publish. */
    record Publish() implements Result {}

    /** Result of presence: client id to info. */
    record Presence(Map<String, ClientInfo> presence) implements Result {}

    /** Result of presence_stats. */
    record PresenceStats(int clients, int users) implements Result {}

    /** Result of history; the position is the top of the stream. */
    record History(List<Publication> publications, StreamPosition position) implements Result {}

    /** Result of rpc. */
    record Rpc(@Nullable Payload data) implements Result {}

    /** Result of refresh. */
    record Refresh(boolean expires, int ttlSeconds) implements Result {}

    /** Result of sub_refresh. */
    record SubRefresh(boolean expires, int ttlSeconds) implements Result {}
}
