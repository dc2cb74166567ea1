package dev.realtime.connection;

import dev.realtime.api.ConnectedClient;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.command.ConnectionControl;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.json.WireWriter;
import dev.realtime.limit.ClientLimits;
import dev.realtime.limit.CommandRates;
import dev.realtime.limit.TokenBucket;
import dev.realtime.loop.ConnectionLoop;
import dev.realtime.loop.OutboundQueue;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.statistics.ReachedLimit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server side of one client.
 *
 * <p>All its state belongs to the executor of its transport. All others that want something of it hand over a task: see
 * {@link ConnectionControl}.
 *
 * <p>Ending: the state comes first, so that nothing is sent or begun any more. Then the transport is closed, which
 * frees what is queued for a slow client. Then everything the connection is part of forgets it, step by step; a step
 * that fails, a hook of the application for instance, keeps no other from being taken.
 *
 * <p>Events of the application can be counted by: each {@code subscribed} is followed by one {@code unsubscribed}, and
 * all of them come between one {@code connected} and one {@code disconnected}.
 */
public final class ClientConnection implements TransportListener, FailureOwner {

    private static final Logger logger = LoggerFactory.getLogger(ClientConnection.class);

    private enum State {
        /** Nothing but connect is allowed. */
        NEW,
        CONNECTED,
        /** Connect was refused: nothing is read any more, the client may close or becomes stale. */
        REFUSED,
        CLOSED
    }

    private final ConnectionContext context;

    private final CommandDispatcher dispatcher;

    private final Transport transport;

    private final ConnectionLoop loop;

    private final OutboundQueue outbound;

    private final CommandSequence commands;

    private final ClientTimers timers;

    /** {@code null} where commands have no rates. */
    private final @Nullable CommandRates rates;

    /** {@code null} where errors have no rate. */
    private final @Nullable TokenBucket errors;

    private final String clientId = UUID.randomUUID().toString();

    private final long openedAtMillis;

    private final Map<String, ChannelSubscription> subscriptions = new HashMap<>(4);

    private State state = State.NEW;

    /** Whether a connect command was accepted for processing; a second one is malformed. */
    private boolean connecting;

    /** Whether the application was notified that the client connected, so that it is notified of the end. */
    private boolean announced;

    /** When its authentication expires, in seconds since 1970; 0 for never. */
    private long expireAtSeconds;

    private String userId = "";

    private @Nullable Payload info;

    /** Principal for the application: that of the authentication, else of the HTTP request. */
    private @Nullable Principal principal;

    /** What the authentication says to the application alone. */
    private @Nullable Payload meta;

    private boolean clientRefresh;

    /** Whether the application renews the identity when it ends, so that a token of the client has no say. */
    private boolean renewedByServer;

    private String sdkName = "";

    private String sdkVersion = "";

    public ClientConnection(
            ConnectionContext context,
            CommandDispatcher dispatcher,
            ProtocolLimits limits,
            Transport transport,
            ConnectionLoop loop) {
        this.context = context;
        this.dispatcher = dispatcher;
        this.transport = transport;
        this.loop = loop;
        this.outbound = new OutboundQueue(
                transport, loop, context.statistics(), context.options().queueMaxBytes(), this::overloaded, this);
        this.commands = new CommandSequence(transport, limits, this::handle, this::malformed, this);
        this.timers = new ClientTimers(this, context, loop.wheel());
        ClientLimits clientLimits = context.options().limits();
        this.rates = clientLimits.limitsCommands()
                ? new CommandRates(clientLimits, loop.wheel().nowNanos())
                : null;
        this.errors = clientLimits.errorRate() == null
                ? null
                : new TokenBucket(clientLimits.errorRate(), loop.wheel().nowNanos());
        this.openedAtMillis = context.clock().millis();
    }

    public void open() {
        context.statistics().connectionOpened();
        context.clients().opened(this);
        timers.closeWhenStale();
    }

    // ---- What the transport says

    @Override
    public void onMessage(ByteBuf frame) {
        if (state == State.CLOSED || state == State.REFUSED) {
            return;
        }
        context.statistics().received(frame.readableBytes());
        byte[] bytes = new byte[frame.readableBytes()];
        frame.getBytes(frame.readerIndex(), bytes);
        commands.offer(bytes);
    }

    @Override
    public void onClosed() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            ended(Disconnect.CONNECTION_CLOSED);
            logger.debug("Client {} of user '{}' closed the connection, or the network did", clientId, userId);
        }
    }

    // ---- Commands

    private void handle(Command command) {
        if (command.isPong()) {
            if (!timers.pongArrived()) {
                close(Disconnect.BAD_REQUEST, "a pong came without a ping");
            }
            return;
        }
        Request request = command.request();
        if (request == null) {
            close(Disconnect.BAD_REQUEST, "a command named no known request");
        } else if (connecting == (request instanceof Request.Connect)) {
            close(Disconnect.BAD_REQUEST, connecting ? "a second connect" : "a command before connect");
        } else if (!connecting) {
            connecting = true;
            timers.connectArrived();
            dispatcher.handle(this, command.id(), request);
        } else if (withinRates(command.id(), request)) {
            dispatcher.handle(this, command.id(), request);
        }
    }

    private boolean withinRates(long id, Request request) {
        ReachedLimit refusal =
                rates == null ? null : rates.refusalOf(request, loop.wheel().nowNanos());
        if (refusal == null) {
            return true;
        }
        context.statistics().refused(refusal, context.namespaceOf(request.channel()));
        if (request instanceof Request.Send) {
            close(Disconnect.TOO_MANY_REQUESTS, "messages came faster than allowed");
        } else {
            fail(id, ClientError.TOO_MANY_REQUESTS);
        }
        return false;
    }

    private void malformed(MalformedFrameException e) {
        if (e.disconnect().equals(Disconnect.TOO_MANY_REQUESTS)) {
            context.statistics().refused(ReachedLimit.FRAME_COMMANDS, "");
        }
        close(e.disconnect(), e.getMessage());
    }

    /** Ends this connection: something threw while it was served, so it cannot be trusted any more; all others can. */
    @Override
    public void failed(Place place, Throwable failure) {
        Boundary.caught(place, this, failure);
        close(Disconnect.SERVER_ERROR, "an unexpected error");
    }

    public CommandSequence commands() {
        return commands;
    }

    public void reply(long id, Result result) {
        write(new Reply.Success(id, result));
    }

    public void fail(long id, ClientError error) {
        context.statistics().errorReplied();
        write(new Reply.Failure(id, error));
        if (errors != null && !errors.take(loop.wheel().nowNanos())) {
            context.statistics().refused(ReachedLimit.ERROR_RATE, "");
            close(Disconnect.TOO_MANY_ERRORS, "commands failed more often than allowed");
        }
    }

    /** Connect was refused: the error is the last thing that this client gets until it closes or becomes stale. */
    public void refuse(long id, ClientError error) {
        fail(id, error);
        if (state == State.CLOSED) {
            return;
        }
        state = State.REFUSED;
        timers.closeWhenStale();
        commands.stop();
        context.clients().refused(this);
        discardAll();
    }

    private void write(Reply reply) {
        if (state == State.NEW || state == State.CONNECTED) {
            WireWriter writer = loop.writer();
            transport.wireForm().codec().writeReply(reply, writer);
            send(transport.wireForm().frame(writer, ByteBufAllocator.DEFAULT));
        }
    }

    /** Returns whether the push was queued; a client that cannot be sent it is disconnected. */
    public boolean push(Push push) {
        if (state == State.CLOSED) {
            return false;
        }
        if (!push.fits(codec())) {
            return notForThisProtocol();
        }
        WireWriter writer = loop.writer();
        transport.wireForm().codec().writePush(push, writer);
        return send(transport.wireForm().frame(writer, ByteBufAllocator.DEFAULT));
    }

    /** Queues a complete frame, whose reference is taken over. */
    private boolean send(ByteBuf frame) {
        return isOpenFor(frame) && (outbound.offer(frame, 1) || tooSlow());
    }

    /**
     * Sends what was delivered to a channel: complete frames, whose reference is taken over; {@code null} is data this
     * client cannot be sent.
     */
    boolean deliver(@Nullable ByteBuf frames, int messages) {
        if (frames == null) {
            return notForThisProtocol();
        }
        return isOpenFor(frames) && (outbound.deliver(frames, messages) || tooSlow());
    }

    /** Returns whether the frames can still be sent; releases them if not. */
    private boolean isOpenFor(ByteBuf frames) {
        if (state == State.CLOSED) {
            frames.release();
            return false;
        }
        return true;
    }

    /** Ends the connection; always {@code false}. */
    private boolean notForThisProtocol() {
        close(Disconnect.INAPPROPRIATE_PROTOCOL, "data that is not JSON was published to a JSON client");
        return false;
    }

    /** Ends the connection; always {@code false}. */
    private boolean tooSlow() {
        context.statistics().refused(ReachedLimit.QUEUE, "");
        close(Disconnect.SLOW, "the queue exceeds its limit");
        return false;
    }

    /** A publication that arrived at the hub then was queued. */
    void delivered(long arrivedNanos) {
        loop.delivered(arrivedNanos);
    }

    /** The node holds too much for its clients, and most of all for this one. */
    private void overloaded() {
        if (state == State.CLOSED) {
            return;
        }
        context.statistics().refused(ReachedLimit.NODE_QUEUE, "");
        close(Disconnect.SLOW, "node queue limit exceeded; this is one of the largest queues");
    }

    // ---- Life

    public boolean isClosed() {
        return state == State.CLOSED;
    }

    public boolean isConnected() {
        return state == State.CONNECTED;
    }

    /** Sets the identity of the client, before the connection is registered under its user. */
    public void introduced(Authentication authentication, Request.Connect request) {
        userId = authentication.userId();
        info = authentication.info();
        meta = authentication.meta();
        principal = principalOf(authentication);
        sdkName = bounded(request.name(), 16);
        sdkVersion = bounded(request.version(), 64);
    }

    /** The connect reply is about to be written. */
    public void connected(Authentication authentication) {
        state = State.CONNECTED;
        identifiedAs(authentication);
        timers.connected(pings());
        announced = true;
        Boundary.run(
                Place.LIFECYCLE_HOOK, this, () -> context.hooks().lifecycle().connected(identity()));
        if (logger.isDebugEnabled()) {
            logger.debug(
                    "Client {} of user '{}' connected by {}",
                    clientId,
                    userId,
                    transport.describe().name());
        }
    }

    private static String bounded(String text, int maxLength) {
        return text.length() <= maxLength ? text : text.substring(0, maxLength);
    }

    public boolean pings() {
        return transport.describe().applicationPing()
                && !context.options().pingInterval().isZero();
    }

    private @Nullable Principal principalOf(Authentication authentication) {
        return authentication.principal() == null ? requestPrincipal() : authentication.principal();
    }

    /** Returns the principal of the HTTP request; {@code null} if it is ignored. */
    @Nullable
    public Principal requestPrincipal() {
        return context.options().ignoreHttpPrincipal()
                ? null
                : transport.describe().principal();
    }

    /** Takes on a new identity of the same user, with its deadline. What it does not contain stays as it was. */
    public void identifiedAs(Authentication authentication) {
        info = authentication.info() == null ? info : authentication.info();
        meta = authentication.meta() == null ? meta : authentication.meta();
        principal = authentication.principal() == null ? principal : authentication.principal();
        clientRefresh = authentication.clientRefresh();
        renewedByServer = !clientRefresh && authentication.expireAtSeconds() > 0;
        expireAt(authentication.expireAtSeconds());
    }

    /** Returns when its authentication expires, in seconds since 1970; 0 for never. */
    public long expireAtSeconds() {
        return expireAtSeconds;
    }

    public void expireAt(long unixSeconds) {
        expireAtSeconds = unixSeconds;
        if (unixSeconds == 0) {
            timers.neverExpire();
            return;
        }
        long ttl = Math.max(0, Math.min(Ttl.MAX_SECONDS, unixSeconds - context.nowSeconds()));
        timers.expireIn(
                Duration.ofSeconds(ttl).plus(clientRefresh ? context.options().expiredCloseDelay() : Duration.ZERO));
    }

    public void close(Disconnect disconnect, String why) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        try {
            transport.close(disconnect);
        } catch (Throwable failure) {
            Boundary.caught(Place.CLOSE, this, failure);
        }
        ended(disconnect);
        if (logger.isDebugEnabled()) {
            logger.debug("Client {} of user '{}' is disconnected with {}: {}", clientId, userId, disconnect, why);
        }
    }

    private void ended(Disconnect disconnect) {
        step(commands::stop);
        step(timers::cancel);
        step(() -> context.clients().closed(this));
        step(() -> context.statistics().connectionClosed(disconnect));
        step(this::discardAll);
        if (announced) {
            Boundary.run(
                    Place.LIFECYCLE_HOOK,
                    this,
                    () -> context.hooks().lifecycle().disconnected(identity(), disconnect));
        }
    }

    private void step(Runnable step) {
        Boundary.run(Place.CLEAN_UP, this, step);
    }

    private void discardAll() {
        for (ChannelSubscription subscription : List.copyOf(subscriptions.values())) {
            discard(subscription, Unsubscribe.DISCONNECT);
        }
    }

    // ---- Subscriptions

    public Map<String, ChannelSubscription> subscriptions() {
        return subscriptions;
    }

    public void add(ChannelSubscription subscription) {
        subscriptions.put(subscription.channel().name(), subscription);
        subscription.statistics().subscriptionAdded();
    }

    /** The result of a subscription was written: what follows it may be, and others learn of the newcomer. */
    public void opened(ChannelSubscription subscription) {
        if (subscription.ended()) {
            // Writing the result ended it.
            return;
        }
        subscription.announced = true;
        Boundary.run(
                Place.LIFECYCLE_HOOK,
                subscription,
                () -> context.hooks().lifecycle().subscribed(identity(), subscription.channel()));
        subscription.goLive();
        if (!subscription.ended()) {
            subscription.beginFeed();
        }
        if (!subscription.ended() && subscription.channel().options().joinLeave()) {
            subscription.joined = true;
            Boundary.call(
                    Place.JOIN,
                    subscription,
                    () -> context.broker().publishJoin(subscription.channel().name(), subscription.info()));
        }
    }

    /** Takes a subscription that could not be opened out of everything. */
    public void discard(ChannelSubscription subscription) {
        discard(subscription, Unsubscribe.SERVER);
    }

    /** Takes a subscription out of everything, step by step; notifies the others in the channel, not the client. */
    public void discard(ChannelSubscription subscription, Unsubscribe unsubscribe) {
        if (subscription.ended()) {
            return;
        }
        String channel = subscription.channel().name();
        subscriptions.remove(channel);
        Boundary.run(Place.CLEAN_UP, subscription, subscription::end);
        subscription.statistics().subscriptionRemoved();
        if (subscription.inHub) {
            Boundary.run(Place.CLEAN_UP, subscription, () -> context.hub().unsubscribe(channel, subscription));
        }
        leavePresence(subscription);
        if (subscription.announced) {
            Boundary.run(
                    Place.LIFECYCLE_HOOK,
                    subscription,
                    () -> context.hooks().lifecycle().unsubscribed(identity(), subscription.channel(), unsubscribe));
        }
        if (subscription.joined) {
            Boundary.call(Place.LEAVE, subscription, () -> context.broker().publishLeave(channel, subscription.info()));
        }
    }

    /**
     * Removes the presence of an ended subscription, unless it is just being added: then that ends with removing it.
     */
    public void leavePresence(ChannelSubscription subscription) {
        if (subscription.presenceState == ChannelSubscription.PresenceState.PRESENT) {
            subscription.presenceState = ChannelSubscription.PresenceState.ABSENT;
            Boundary.call(
                    Place.PRESENCE_REMOVAL,
                    subscription,
                    () -> context.presenceManager()
                            .remove(subscription.channel().name(), clientId));
        }
    }

    /** Ends a subscription and notifies the client. */
    public void unsubscribe(ChannelSubscription subscription, Unsubscribe unsubscribe) {
        discard(subscription, unsubscribe);
        push(new Push.Unsubscribed(subscription.channel().name(), unsubscribe));
    }

    /** A subscription has a hole that only a new connection can mend. */
    void lostPublications(ChannelSubscription subscription) {
        close(
                Disconnect.INSUFFICIENT_STATE,
                "publications of channel '" + subscription.channel().name() + "' are missing");
    }

    // ---- What time brings

    void becameStale() {
        close(Disconnect.STALE, "it did not connect in time");
    }

    /** Returns whether frames of the client are not read because a command waits. */
    boolean isKeptWaiting() {
        return commands.isWaiting();
    }

    void missedPong() {
        close(Disconnect.NO_PONG, "it did not reply to a ping in time");
    }

    void expired() {
        if (clientRefresh || context.hooks().renewal() == null) {
            close(Disconnect.EXPIRED, "its authentication expired");
        } else {
            commands.run(() -> dispatcher.renew(this));
        }
    }

    void ping() {
        WireWriter writer = loop.writer();
        transport.wireForm().codec().writePing(writer);
        send(transport.wireForm().frame(writer, ByteBufAllocator.DEFAULT));
    }

    void lookAfterSubscriptions() {
        long latest =
                context.nowSeconds() - context.options().expiredSubCloseDelay().toSeconds();
        // Expired subscriptions first: the presence of a client that has left must not be refreshed.
        for (ChannelSubscription subscription : List.copyOf(subscriptions.values())) {
            long expireAt = subscription.grant().expireAtSeconds();
            if (expireAt == 0 || subscription.ended() || subscription.beingOpened()) {
                continue;
            }
            if (context.hooks().renewal() != null && !subscription.grant().clientRefresh()) {
                if (expireAt <= context.nowSeconds()) {
                    commands.run(() -> dispatcher.renew(this, subscription));
                }
            } else if (expireAt < latest) {
                subscriptionExpired(subscription);
            }
        }
        for (ChannelSubscription subscription : subscriptions.values()) {
            if (subscription.presenceState == ChannelSubscription.PresenceState.PRESENT) {
                loop.presentIn(subscription.channel().name(), subscription.info());
            }
        }
    }

    /** Ends a subscription whose permission is over. */
    public void subscriptionExpired(ChannelSubscription subscription) {
        if (subscription.serverSide()) {
            close(Disconnect.SUBSCRIPTION_EXPIRED, "a subscription made by the server expired");
        } else {
            unsubscribe(subscription, Unsubscribe.EXPIRED);
        }
    }

    // ---- What it is

    public ConnectionContext context() {
        return context;
    }

    public Transport transport() {
        return transport;
    }

    /** Returns the encoding that the client speaks. */
    public ProtocolCodec codec() {
        return transport.wireForm().codec();
    }

    public ClientInfo infoIn(@Nullable Payload channelInfo) {
        return new ClientInfo(userId, clientId, info, channelInfo);
    }

    /** Channels the authentication of the client put it in. */
    public Set<String> grantedChannels() {
        Set<String> channels = new HashSet<>();
        subscriptions.forEach((name, subscription) -> {
            if (subscription.isFromAuthentication()) {
                channels.add(name);
            }
        });
        return channels;
    }

    /** Returns what operators see of it. */
    public ConnectedClient describe(String nodeId) {
        return new ConnectedClient(
                clientId,
                userId,
                nodeId,
                sdkName,
                sdkVersion,
                transport.describe().name(),
                transport.wireForm().codec().type().name().toLowerCase(Locale.ROOT),
                List.copyOf(subscriptions.keySet()),
                openedAtMillis);
    }

    public ClientIdentity identity() {
        return new ClientIdentity(
                clientId, userId, principal, meta, transport.describe().headers());
    }

    public boolean renewedByServer() {
        return renewedByServer;
    }

    public void replaceInfo(Payload info) {
        this.info = info;
        subscriptions.values().forEach(subscription -> subscription.renew(subscription.grant()));
    }

    @Override
    public String toString() {
        return "client " + clientId + " of user '" + userId + "'";
    }

    /** Unique among all connections of all nodes. */
    public String clientId() {
        return clientId;
    }

    /** Empty for anonymous, and before the client connected. */
    public String userId() {
        return userId;
    }
}
