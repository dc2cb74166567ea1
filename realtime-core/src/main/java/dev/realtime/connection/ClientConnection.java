package dev.realtime.connection;

import dev.realtime.api.ConnectedClient;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.emulation.EmulatedSession;
import dev.realtime.failure.Boundary;
import dev.realtime.failure.FailureOwner;
import dev.realtime.failure.Place;
import dev.realtime.loop.ConnectionLoop;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.protocol.Request;
import dev.realtime.protocol.Result;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.transport.Direction;
import dev.realtime.spi.transport.Transport;
import dev.realtime.spi.transport.TransportListener;
import dev.realtime.statistics.NodeStatistics;
import dev.realtime.statistics.ReachedLimit;
import io.netty.buffer.ByteBuf;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server side of one client: its state, from the first frame to the end. What is sent to it is in
 * {@link ClientWriter}, its identity in {@link ClientProfile}, its subscriptions in {@link ClientSubscriptions}.
 *
 * <p>All its state belongs to the executor of its transport. All others that want something of it hand over a task.
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

    private final Transport transport;

    private final ConnectionLoop loop;

    private final CommandDispatcher dispatcher;

    private final ClientOptions options;

    private final ClientConnections clients;

    private final ApplicationCalls calls;

    private final NodeStatistics statistics;

    private final Clock clock;

    private final ClientProfile profile;

    private final ClientWriter writer;

    private final ClientSubscriptions subscriptions;

    private final CommandSequence commands;

    /** {@code null} if all frames of the client come over the transport. */
    private final @Nullable EmulatedSession emulated;

    private final ClientTimers timers;

    private final CommandAdmission admission;

    private final Responder responder;

    private final long openedAtMillis;

    private State state = State.NEW;

    /** Whether the application was notified that the client connected, so that it is notified of the end. */
    private boolean announced;

    /** When its authentication expires. */
    private Expiry expiry = Expiry.NEVER;

    ClientConnection(
            Transport transport,
            ConnectionLoop loop,
            CommandDispatcher dispatcher,
            ProtocolLimits protocolLimits,
            ClientOptions options,
            ChannelMembership membership,
            ClientConnections clients,
            ApplicationCalls calls,
            NodeStatistics statistics,
            Clock clock) {
        this.transport = transport;
        this.loop = loop;
        this.dispatcher = dispatcher;
        this.options = options;
        this.clients = clients;
        this.calls = calls;
        this.statistics = statistics;
        this.clock = clock;
        this.profile = new ClientProfile(transport, options.ignoreHttpPrincipal());
        WriterFailures failures = new WriterFailures();
        this.writer = new ClientWriter(transport, loop, statistics, options.queueMaxBytes(), failures);
        this.responder = isUnidirectional() ? new Responder.Pushes(writer, failures) : new Responder.Replies(writer);
        this.subscriptions = new ClientSubscriptions(membership, writer);
        this.timers = new ClientTimers(new Deadlines(), options, loop);
        this.admission =
                new CommandAdmission(new AdmittedCommands(), timers, options.limits(), statistics, loop.wheel());
        this.emulated = transport.describe().capabilities().emulation()
                ? new EmulatedSession(
                        transport,
                        protocolLimits,
                        loop.wheel(),
                        this,
                        frame -> commands().offer(frame))
                : null;
        this.commands = new CommandSequence(
                transport,
                protocolLimits,
                admission::handle,
                admission::malformed,
                emulated == null ? length -> {} : emulated::begun,
                this,
                loop);
        this.openedAtMillis = clock.millis();
    }

    private boolean isUnidirectional() {
        return transport.wireForm().direction() == Direction.UNIDIRECTIONAL;
    }

    void open() {
        statistics.connectionOpened();
        clients.opened(this);
        timers.closeWhenStale();
    }

    // ---- What the transport says

    @Override
    public void onMessage(ByteBuf frame) {
        if (!isOpen()) {
            return;
        }
        statistics.received(frame.readableBytes());
        if (isUnidirectional() && admission.isConnecting()) {
            // Such a client has nothing more to say.
            return;
        }
        if (emulated == null) {
            commands.offer(frame);
        } else {
            byte[] bytes = new byte[frame.readableBytes()];
            frame.getBytes(frame.readerIndex(), bytes);
            emulated.start(bytes);
        }
    }

    @Override
    public void onClosed() {
        if (state != State.CLOSED) {
            becomeClosed(false);
            ended(Disconnect.CONNECTION_CLOSED);
            logger.debug(
                    "Client {} of user '{}' closed the connection, or the network did",
                    profile.clientId(),
                    profile.userId());
        }
    }

    @Override
    public Map<String, StreamPosition> recoverablePositions() {
        return subscriptions.recoverablePositions();
    }

    // ---- Commands

    /** Returns the commands of the client, among which the server takes its turn. */
    public CommandSequence commands() {
        return commands;
    }

    /** Sends the result of a command. */
    public void reply(long id, Result result) {
        if (isOpen()) {
            responder.succeed(id, result);
        }
    }

    /** Sends the error of a command that failed. */
    public void fail(long id, ClientError error) {
        if (isOpen()) {
            responder.fail(id, error);
        }
        admission.failed();
    }

    /** Refuses connect: the error is the last thing that this client gets until it closes or becomes stale. */
    public void refuse(long id, ClientError error) {
        fail(id, error);
        if (state == State.CLOSED) {
            return;
        }
        state = State.REFUSED;
        timers.closeWhenStale();
        commands.stop();
        clients.refused(this);
        subscriptions.discardAll();
    }

    private boolean isOpen() {
        return state == State.NEW || state == State.CONNECTED;
    }

    // ---- Life

    public boolean isClosed() {
        return state == State.CLOSED;
    }

    public boolean isConnected() {
        return state == State.CONNECTED;
    }

    /** The connect reply is about to be written. */
    public void connected(Authentication authentication) {
        state = State.CONNECTED;
        identifiedAs(authentication);
        timers.connected(pings(), transport.describe().capabilities().pong());
        announced = true;
        Boundary.run(Place.LIFECYCLE_HOOK, this, () -> hooks().lifecycle().connected(profile.identity()));
        if (logger.isDebugEnabled()) {
            logger.debug(
                    "Client {} of user '{}' connected by {}",
                    profile.clientId(),
                    profile.userId(),
                    transport.describe().name());
        }
    }

    /** Returns whether the server pings this client. */
    public boolean pings() {
        return transport.describe().capabilities().ping()
                && !options.pingInterval().isZero();
    }

    /** Returns whether the client replies to pings. */
    public boolean pongs() {
        return pings() && transport.describe().capabilities().pong();
    }

    /** Takes on a new identity of the same user, with its expiry. What it does not contain stays as it was. */
    public void identifiedAs(Authentication authentication) {
        profile.identifyAs(authentication);
        expireAt(Expiry.at(authentication.expireAtSeconds()));
    }

    /** Returns when its authentication expires. */
    public Expiry expiry() {
        return expiry;
    }

    /** Moves the time at which its authentication expires. */
    public void expireAt(Expiry expiry) {
        this.expiry = expiry;
        if (expiry.isSet()) {
            Duration left = Duration.ofSeconds(expiry.secondsLeft(clock));
            timers.expireIn(profile.clientRefresh() ? left.plus(options.expiredCloseDelay()) : left);
        } else {
            timers.neverExpire();
        }
    }

    /** Replaces what others see of the client, in all its channels. */
    public void replaceInfo(Payload info) {
        profile.info(info);
        subscriptions.all().forEach(subscription -> subscription.renew(subscription.grant()));
    }

    /**
     * Ends the connection.
     *
     * @param why for the log
     */
    public void close(Disconnect disconnect, String why) {
        if (state == State.CLOSED) {
            return;
        }
        becomeClosed(!disconnect.dropsQueue());
        try {
            transport.close(disconnect);
        } catch (Throwable failure) {
            Boundary.caught(Place.CLOSE, this, failure);
        }
        ended(disconnect);
        if (logger.isDebugEnabled()) {
            logger.debug(
                    "Client {} of user '{}' is disconnected with {}: {}",
                    profile.clientId(),
                    profile.userId(),
                    disconnect,
                    why);
        }
    }

    /** Ends this connection: something threw while it was served, so its state is unknown; all others live on. */
    @Override
    public void failed(Place place, Throwable failure) {
        Boundary.caught(place, this, failure);
        close(Disconnect.SERVER_ERROR, "an unexpected error");
    }

    /** @param sends whether the client still gets what was queued */
    private void becomeClosed(boolean sends) {
        state = State.CLOSED;
        step(() -> writer.stop(sends));
    }

    private void ended(Disconnect disconnect) {
        step(commands::stop);
        if (emulated != null) {
            step(emulated::stop);
        }
        step(timers::cancel);
        step(() -> clients.closed(this));
        step(() -> statistics.connectionClosed(disconnect));
        step(subscriptions::discardAll);
        if (announced) {
            Boundary.run(
                    Place.LIFECYCLE_HOOK, this, () -> hooks().lifecycle().disconnected(profile.identity(), disconnect));
        }
    }

    private void step(Runnable step) {
        Boundary.run(Place.CLEAN_UP, this, step);
    }

    private ClientHooks hooks() {
        return calls.callbacks().hooks();
    }

    /** Ends a subscription whose permission is over. */
    public void subscriptionExpired(ChannelSubscription subscription) {
        if (subscription.serverSide()) {
            close(Disconnect.SUBSCRIPTION_EXPIRED, "a subscription made by the server expired");
        } else {
            subscriptions.unsubscribe(subscription, Unsubscribe.EXPIRED);
        }
    }

    // ---- What it is made of

    /** Returns the socket of the client. */
    public Transport transport() {
        return transport;
    }

    /** Returns an id that is unique among all connections of all nodes. */
    public String clientId() {
        return profile.clientId();
    }

    /** Returns what is known of the client. */
    public ClientProfile profile() {
        return profile;
    }

    /** Returns the session in which the client posts its frames, {@code null} if they come over the transport. */
    @Nullable
    EmulatedSession emulated() {
        return emulated;
    }

    /** Returns what sends to the client. */
    public ClientWriter writer() {
        return writer;
    }

    /** Returns its subscriptions. */
    public ClientSubscriptions subscriptions() {
        return subscriptions;
    }

    /** Returns what operators see of it. */
    public ConnectedClient describe(String nodeId) {
        return new ConnectedClient(
                profile.clientId(),
                profile.userId(),
                nodeId,
                profile.sdkName(),
                profile.sdkVersion(),
                transport.describe().name(),
                writer.codec().type().name().toLowerCase(Locale.ROOT),
                List.copyOf(subscriptions.channels()),
                openedAtMillis);
    }

    @Override
    public String toString() {
        return profile.toString();
    }

    /** Ends the connection when its client cannot be sent something. */
    private final class WriterFailures implements ClientWriter.Closer {

        @Override
        public void close(Disconnect disconnect, String why) {
            ClientConnection.this.close(disconnect, why);
        }

        @Override
        public void failed(Place place, Throwable failure) {
            ClientConnection.this.failed(place, failure);
        }

        @Override
        public String toString() {
            return profile.toString();
        }
    }

    /** Way of an admitted command to its handler. */
    private final class AdmittedCommands implements CommandAdmission.Target {

        @Override
        public void handle(long id, Request request) {
            dispatcher.handle(ClientConnection.this, id, request);
        }

        @Override
        public void overRate(long id, Request request, ReachedLimit limit) {
            dispatcher.overRate(ClientConnection.this, id, request, limit);
        }

        @Override
        public void close(Disconnect disconnect, String why) {
            ClientConnection.this.close(disconnect, why);
        }
    }

    /** Actions of this connection when a deadline has come. */
    private final class Deadlines implements ClientTimers.Deadlines {

        @Override
        public boolean isClosed() {
            return ClientConnection.this.isClosed();
        }

        @Override
        public boolean isKeptWaiting() {
            return commands.isWaiting();
        }

        @Override
        public void becameStale() {
            close(Disconnect.STALE, "it did not connect in time");
        }

        @Override
        public void missedPong() {
            close(Disconnect.NO_PONG, "it did not reply to a ping in time");
        }

        @Override
        public void expired() {
            if (profile.clientRefresh() || hooks().renewal() == null) {
                close(Disconnect.EXPIRED, "its authentication expired");
            } else {
                commands.run(() -> dispatcher.renew(ClientConnection.this));
            }
        }

        @Override
        public void ping() {
            writer.ping();
        }

        @Override
        public void checkSubscriptions() {
            // Those that end go first: the presence of a client that has left must not be refreshed.
            for (ChannelSubscription subscription : subscriptions.expiring()) {
                if (!subscription.ended() && !subscription.beingOpened()) {
                    checkExpiry(subscription);
                }
            }
            for (ChannelSubscription subscription : subscriptions.all()) {
                if (subscription.presence == ChannelSubscription.Presence.PRESENT) {
                    loop.presentIn(subscription.channel().name(), subscription.info());
                }
            }
        }

        private void checkExpiry(ChannelSubscription subscription) {
            Expiry end = Expiry.at(subscription.grant().expireAtSeconds());
            if (hooks().renewal() != null && !subscription.grant().clientRefresh()) {
                if (end.isOver(clock)) {
                    commands.run(() -> dispatcher.renew(ClientConnection.this, subscription));
                }
            } else if (end.isOverFor(options.expiredSubCloseDelay(), clock)) {
                subscriptionExpired(subscription);
            }
        }

        @Override
        public void failed(Place place, Throwable failure) {
            ClientConnection.this.failed(place, failure);
        }

        @Override
        public String toString() {
            return profile.toString();
        }
    }
}
