package dev.realtime.protocol;

import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Request in a {@link Command}. Absent strings are empty, absent numbers 0, as on the wire. */
public sealed interface Request {

    /** Returns the channel it is about, empty for a request that is about none. */
    default String channel() {
        return "";
    }

    /** Returns the kind of command it is; {@code null} for connect, which opens a connection and happens once. */
    @Nullable
    CommandType commandType();

    /**
     * Calls the method of a handler for this request.
     *
     * @param client sender of the request
     * @param id the number that the reply carries; 0 if the client expects none
     */
    <C> void dispatch(RequestHandler<C> handler, C client, long id);

    /**
     * First command of every connection.
     *
     * @param subs channel to what is asked of it; channels a client wants to be subscribed to by the server, with the
     *     position to recover from. Each value holds the channel of its key, whatever it said itself
     * @param headers emulated headers of clients that cannot set real ones; never to be mixed with those
     */
    record Connect(
            String token,
            @Nullable Payload data,
            Map<String, Subscribe> subs,
            String name,
            String version,
            Map<String, String> headers)
            implements Request {

        /** A request that holds nothing. */
        public static final Connect EMPTY = new Connect("", null, Map.of(), "", "", Map.of());

        @Override
        public @Nullable CommandType commandType() {
            return null;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.connect(client, id, this);
        }

        /** Leaves out the token, headers and data. */
        @Override
        public String toString() {
            return "Connect[name=" + name + ", version=" + version + ", subs=" + subs.keySet() + "]";
        }
    }

    /**
     * Subscription to a channel.
     *
     * @param offset position to recover from, unsigned
     * @param delta type of delta compression asked for, empty for none
     * @param flag bit 1 (value 2) asks for error 112 instead of a result when the position cannot be recovered
     * @param type kind of subscription; 0 is a stream, the only one served here
     */
    record Subscribe(
            String channel,
            String token,
            boolean recover,
            String epoch,
            long offset,
            @Nullable Payload data,
            boolean positioned,
            boolean recoverable,
            boolean joinLeave,
            String delta,
            @Nullable FilterNode tagsFilter,
            long flag,
            int type)
            implements Request {

        @Override
        public CommandType commandType() {
            return CommandType.SUBSCRIBE;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.subscribe(client, id, this);
        }

        /** Leaves out the token and data. */
        @Override
        public String toString() {
            return "Subscribe[channel=" + channel + ", recover=" + recover + ", epoch=" + epoch + ", offset=" + offset
                    + "]";
        }

        /** Bit of the flag that asks for pushes with a number instead of the channel. */
        public static final long CHANNEL_COMPACTION = 1;

        /** Bit of {@link #flag()}: refuse with error 112 when the position cannot be recovered. */
        public static final long REJECT_UNRECOVERABLE = 2;

        /** Returns a subscription that asks for nothing special. */
        public static Subscribe to(String channel) {
            return builder(channel).build();
        }

        /** Starts with a subscription that asks for nothing special. */
        public static Builder builder(String channel) {
            return new Builder(channel);
        }

        /** Returns the same request for another channel. */
        public Subscribe withChannel(String channel) {
            return new Builder(this).channel(channel).build();
        }

        /** Collects what is asked for; what is not set is absent. */
        public static final class Builder {

            private String channel;

            private String token = "";

            private boolean recover;

            private String epoch = "";

            private long offset;

            private @Nullable Payload data;

            private boolean positioned;

            private boolean recoverable;

            private boolean joinLeave;

            private String delta = "";

            private @Nullable FilterNode tagsFilter;

            private long flag;

            private int type;

            private Builder(String channel) {
                this.channel = channel;
            }

            private Builder(Subscribe request) {
                this.channel = request.channel;
                this.token = request.token;
                this.recover = request.recover;
                this.epoch = request.epoch;
                this.offset = request.offset;
                this.data = request.data;
                this.positioned = request.positioned;
                this.recoverable = request.recoverable;
                this.joinLeave = request.joinLeave;
                this.delta = request.delta;
                this.tagsFilter = request.tagsFilter;
                this.flag = request.flag;
                this.type = request.type;
            }

            public Builder channel(String channel) {
                this.channel = channel;
                return this;
            }

            public Builder token(String token) {
                this.token = token;
                return this;
            }

            public Builder recover(boolean recover) {
                this.recover = recover;
                return this;
            }

            public Builder epoch(String epoch) {
                this.epoch = epoch;
                return this;
            }

            public Builder offset(long offset) {
                this.offset = offset;
                return this;
            }

            public Builder data(@Nullable Payload data) {
                this.data = data;
                return this;
            }

            public Builder positioned(boolean positioned) {
                this.positioned = positioned;
                return this;
            }

            public Builder recoverable(boolean recoverable) {
                this.recoverable = recoverable;
                return this;
            }

            public Builder joinLeave(boolean joinLeave) {
                this.joinLeave = joinLeave;
                return this;
            }

            public Builder delta(String delta) {
                this.delta = delta;
                return this;
            }

            public Builder tagsFilter(@Nullable FilterNode tagsFilter) {
                this.tagsFilter = tagsFilter;
                return this;
            }

            public Builder flag(long flag) {
                this.flag = flag;
                return this;
            }

            public Builder type(int type) {
                this.type = type;
                return this;
            }

            /** Asks to recover from a position. */
            public Builder recoverSince(StreamPosition since) {
                return recover(true).epoch(since.epoch()).offset(since.offset());
            }

            public Subscribe build() {
                return new Subscribe(
                        channel,
                        token,
                        recover,
                        epoch,
                        offset,
                        data,
                        positioned,
                        recoverable,
                        joinLeave,
                        delta,
                        tagsFilter,
                        flag,
                        type);
            }
        }
    }

    /** End of a subscription. */
    record Unsubscribe(String channel) implements Request {

        @Override
        public CommandType commandType() {
            return CommandType.UNSUBSCRIBE;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.unsubscribe(client, id, this);
        }
    }

    /** Publication by a client; {@code data} is {@code null} when it was left out. */
    record Publish(String channel, @Nullable Payload data) implements Request {

        @Override
        public CommandType commandType() {
            return CommandType.PUBLISH;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.publish(client, id, this);
        }
    }

    /** Requests the clients of a channel. */
    record Presence(String channel) implements Request {

        @Override
        public CommandType commandType() {
            return CommandType.PRESENCE;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.presence(client, id, this);
        }
    }

    /** Requests the number of clients in a channel. */
    record PresenceStats(String channel) implements Request {

        @Override
        public CommandType commandType() {
            return CommandType.PRESENCE_STATS;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.presenceStats(client, id, this);
        }
    }

    /**
     * Publications kept of a channel.
     *
     * @param limit 0 asks for the position only, a negative number for all that is allowed
     * @param since position to start after (before, when reversed); {@code null} for an end of the stream
     */
    record History(String channel, int limit, @Nullable StreamPosition since, boolean reverse) implements Request {

        @Override
        public CommandType commandType() {
            return CommandType.HISTORY;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.history(client, id, this);
        }
    }

    /** Call of a method of the application. */
    record Rpc(String method, @Nullable Payload data) implements Request {

        @Override
        public CommandType commandType() {
            return CommandType.RPC;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.rpc(client, id, this);
        }
    }

    /** One-way message to the application; has no reply. */
    record Send(@Nullable Payload data) implements Request {

        @Override
        public CommandType commandType() {
            return CommandType.SEND;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.send(client, id, this);
        }
    }

    /** New connection token. */
    record Refresh(String token) implements Request {

        @Override
        public CommandType commandType() {
            return CommandType.REFRESH;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.refresh(client, id, this);
        }

        /** Leaves out the token. */
        @Override
        public String toString() {
            return "Refresh[]";
        }
    }

    /** New subscription token. */
    record SubRefresh(String channel, String token) implements Request {

        @Override
        public CommandType commandType() {
            return CommandType.SUB_REFRESH;
        }

        @Override
        public <C> void dispatch(RequestHandler<C> handler, C client, long id) {
            handler.subRefresh(client, id, this);
        }

        /** Leaves out the token. */
        @Override
        public String toString() {
            return "SubRefresh[channel=" + channel + "]";
        }
    }
}
