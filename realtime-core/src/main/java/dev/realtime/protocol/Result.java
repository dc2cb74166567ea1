package dev.realtime.protocol;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.json.WireWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Result in a successful {@link Reply}. Empty strings, zeros and empty collections are left out on the wire. */
public sealed interface Result {

    /** Writes it with the method of a writer that is made for it. */
    void writeTo(ResultWriter writer, WireWriter out);

    /** Returns whether an encoding can carry all the application's data in it. */
    boolean fits(ProtocolCodec codec);

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
            implements Result {

        @Override
        public void writeTo(ResultWriter writer, WireWriter out) {
            writer.connect(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return codec.carries(data) && subs.values().stream().allMatch(sub -> sub.fits(codec));
        }
    }

    /**
     * Result of subscribe, and the entry of a server-side subscription in {@link Connect}.
     *
     * @param publications recovered ones, oldest first
     * @param recovered whether everything missed since the asked position is in {@code publications}
     * @param offset the asked offset when recovered, else the top of the stream
     * @param wasRecovering whether recovery was tried
     * @param delta whether delta compression was agreed on
     * @param channelId number that takes the place of the channel in pushes; 0 if the name stays
     * @param publishDebounceMillis time in which the client is to send one publication, the newest; 0 for all of them
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
            boolean delta,
            long channelId,
            int publishDebounceMillis)
            implements Result {

        @Override
        public void writeTo(ResultWriter writer, WireWriter out) {
            writer.subscribe(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return codec.carries(data) && codec.carriesAll(publications);
        }
    }

    /** Result of unsubscribe. */
    record Unsubscribe() implements Result {

        @Override
        public void writeTo(ResultWriter writer, WireWriter out) {
            writer.unsubscribe(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return true;
        }
    }

    /** Result of publish. */
    record Publish() implements Result {

        @Override
        public void writeTo(ResultWriter writer, WireWriter out) {
            writer.publish(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return true;
        }
    }

    /** Result of presence: client id to info. */
    record Presence(Map<String, ClientInfo> presence) implements Result {

        @Override
        public void writeTo(ResultWriter writer, WireWriter out) {
            writer.presence(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return presence.values().stream().allMatch(codec::carries);
        }
    }

    /** Result of presence_stats. */
    record PresenceStats(int clients, int users) implements Result {

        @Override
        public void writeTo(ResultWriter writer, WireWriter out) {
            writer.presenceStats(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return true;
        }
    }

    /** Result of history; the position is the top of the stream. */
    record History(List<Publication> publications, StreamPosition position) implements Result {

        @Override
        public void writeTo(ResultWriter writer, WireWriter out) {
            writer.history(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return codec.carriesAll(publications);
        }
    }

    /** Result of rpc. */
    record Rpc(@Nullable Payload data) implements Result {

        @Override
        public void writeTo(ResultWriter writer, WireWriter out) {
            writer.rpc(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return codec.carries(data);
        }
    }

    /** Result of refresh. */
    record Refresh(boolean expires, int ttlSeconds) implements Result {

        @Override
        public void writeTo(ResultWriter writer, WireWriter out) {
            writer.refresh(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return true;
        }
    }

    /** Result of sub_refresh. */
    record SubRefresh(boolean expires, int ttlSeconds) implements Result {

        @Override
        public void writeTo(ResultWriter writer, WireWriter out) {
            writer.subRefresh(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return true;
        }
    }
}
