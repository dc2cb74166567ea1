package dev.realtime.protocol;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.json.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Message that the server sends without a command. {@link #channel()} is empty where the push belongs to no channel.
 */
public sealed interface Push {

    /** Channel it belongs to, empty for the connection as a whole. */
    default String channel() {
        return "";
    }

    /** Number that takes the place of the channel, if the client agreed to it; 0 otherwise. */
    default long channelId() {
        return 0;
    }

    /** Writes it with the method of a writer that is made for it. */
    void writeTo(PushWriter writer, WireWriter out);

    /** Returns whether an encoding can carry all the application's data in it. */
    boolean fits(ProtocolCodec codec);

    /** A publication arrived. */
    record Pub(String channel, Publication publication) implements Push {

        @Override
        public void writeTo(PushWriter writer, WireWriter out) {
            writer.publication(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return codec.carries(publication);
        }
    }

    /** A client entered the channel. */
    record Join(String channel, ClientInfo info) implements Push {

        @Override
        public void writeTo(PushWriter writer, WireWriter out) {
            writer.join(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return codec.carries(info);
        }
    }

    /** A client left the channel. */
    record Leave(String channel, ClientInfo info) implements Push {

        @Override
        public void writeTo(PushWriter writer, WireWriter out) {
            writer.leave(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return codec.carries(info);
        }
    }

    /** The server ended a subscription. */
    record Unsubscribed(String channel, Unsubscribe unsubscribe) implements Push {

        @Override
        public void writeTo(PushWriter writer, WireWriter out) {
            writer.unsubscribed(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return true;
        }
    }

    /**
     * The server subscribed the client; {@code position} is the top of the stream, sent when positioned or recoverable.
     */
    record Subscribed(
            String channel,
            boolean recoverable,
            boolean positioned,
            StreamPosition position,
            @Nullable Payload data) implements Push {

        @Override
        public void writeTo(PushWriter writer, WireWriter out) {
            writer.subscribed(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return codec.carries(data);
        }
    }

    /** Data for this client alone, outside channels. */
    record Message(Payload data) implements Push {

        @Override
        public void writeTo(PushWriter writer, WireWriter out) {
            writer.message(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return codec.carries(data);
        }
    }

    /** First push of a unidirectional connection. */
    record Connected(Result.Connect result) implements Push {

        @Override
        public void writeTo(PushWriter writer, WireWriter out) {
            writer.connected(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return true;
        }
    }

    /** The server ends a connection whose transport has no close code. */
    record Disconnected(Disconnect disconnect) implements Push {

        @Override
        public void writeTo(PushWriter writer, WireWriter out) {
            writer.disconnected(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return true;
        }
    }

    /** The deadline of the connection moved. */
    record Refreshed(boolean expires, int ttlSeconds) implements Push {

        @Override
        public void writeTo(PushWriter writer, WireWriter out) {
            writer.refreshed(out, this);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return true;
        }
    }

    /** A push with the number of its channel instead of the name. */
    record Compact(long channelId, Push push) implements Push {

        @Override
        public void writeTo(PushWriter writer, WireWriter out) {
            push.writeTo(writer, out);
        }

        @Override
        public boolean fits(ProtocolCodec codec) {
            return push.fits(codec);
        }
    }
}
