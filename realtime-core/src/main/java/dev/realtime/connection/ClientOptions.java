package dev.realtime.connection;

import dev.realtime.limit.ClientLimits;
import java.time.Duration;

/**
 * Limits and times of client connections: the options {@code realtime.client.*}, with Centrifugo's names and defaults.
 *
 * @param pingInterval how often the server pings; zero for never
 * @param pongTimeout how long a pong may take; below {@code pingInterval}
 * @param staleCloseDelay how long a client may take to connect
 * @param expiredCloseDelay how much later than promised an expired connection is closed
 * @param expiredSubCloseDelay the same for an expired subscription
 * @param presenceUpdateInterval how often presence is refreshed, subscriptions are checked for expiry and positions
 *     compared
 * @param channelPositionCheckDelay how long a channel must have been silent before its position is compared with the
 *     engine
 * @param channelLimit most subscriptions of one connection
 * @param queueMaxBytes most bytes queued for one connection
 * @param userConnectionLimit most connections of one user on this node; 0 for any number
 * @param connectionLimit most connections on this node; 0 for any number. Over it the HTTP upgrade is refused with 503
 * @param historyMaxPublicationLimit most publications a client gets in one history reply
 * @param recoveryMaxPublicationLimit most publications a client recovers
 * @param handlerTimeout how long an authenticator or authorizer of the application may take
 * @param allowAnonymousConnectWithoutToken whether clients without any identity may connect
 * @param ignoreHttpPrincipal whether the principal of the HTTP request is ignored: the identity of clients is the one
 *     in the connect command
 * @param connectIncludeServerTime whether the connect reply includes the server's time
 * @param insecure no permission checks and anonymous connections: for local work only
 * @param personalChannel whether each user is subscribed to a channel of its own
 * @param personalChannelNamespace namespace of that channel, empty for none
 * @param singleConnection whether a new connection of a user closes its older ones, which its presence in that channel
 *     shows
 * @param limits rates, and the ceiling of the node
 */
public record ClientOptions(
        Duration pingInterval,
        Duration pongTimeout,
        Duration staleCloseDelay,
        Duration expiredCloseDelay,
        Duration expiredSubCloseDelay,
        Duration presenceUpdateInterval,
        Duration channelPositionCheckDelay,
        int channelLimit,
        long queueMaxBytes,
        int userConnectionLimit,
        int connectionLimit,
        int historyMaxPublicationLimit,
        int recoveryMaxPublicationLimit,
        Duration handlerTimeout,
        boolean allowAnonymousConnectWithoutToken,
        boolean ignoreHttpPrincipal,
        boolean connectIncludeServerTime,
        boolean insecure,
        boolean personalChannel,
        String personalChannelNamespace,
        boolean singleConnection,
        ClientLimits limits) {

    /** Everything as documented when nothing is configured. */
    public static final ClientOptions DEFAULTS = builder().build();

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; what is not set keeps its default. */
    public static final class Builder {

        private Duration pingInterval = Duration.ofSeconds(25);
        private Duration pongTimeout = Duration.ofSeconds(8);
        private Duration staleCloseDelay = Duration.ofSeconds(10);
        private Duration expiredCloseDelay = Duration.ofSeconds(25);
        private Duration expiredSubCloseDelay = Duration.ofSeconds(25);
        private Duration presenceUpdateInterval = Duration.ofSeconds(27);
        private Duration channelPositionCheckDelay = Duration.ofSeconds(40);
        private int channelLimit = 128;
        private long queueMaxBytes = 1_048_576;
        private int userConnectionLimit;
        private int connectionLimit;
        private int historyMaxPublicationLimit = 300;
        private int recoveryMaxPublicationLimit = 300;
        private Duration handlerTimeout = Duration.ofSeconds(1);
        private boolean allowAnonymousConnectWithoutToken;
        private boolean ignoreHttpPrincipal;
        private boolean connectIncludeServerTime;
        private boolean insecure;
        private boolean personalChannel;
        private String personalChannelNamespace = "";
        private boolean singleConnection;
        private ClientLimits limits = ClientLimits.DEFAULTS;

        private Builder() {}

        public Builder pingInterval(Duration pingInterval) {
            this.pingInterval = pingInterval;
            return this;
        }

        public Builder pongTimeout(Duration pongTimeout) {
            this.pongTimeout = pongTimeout;
            return this;
        }

        public Builder staleCloseDelay(Duration staleCloseDelay) {
            this.staleCloseDelay = staleCloseDelay;
            return this;
        }

        public Builder expiredCloseDelay(Duration expiredCloseDelay) {
            this.expiredCloseDelay = expiredCloseDelay;
            return this;
        }

        public Builder expiredSubCloseDelay(Duration expiredSubCloseDelay) {
            this.expiredSubCloseDelay = expiredSubCloseDelay;
            return this;
        }

        public Builder presenceUpdateInterval(Duration presenceUpdateInterval) {
            this.presenceUpdateInterval = presenceUpdateInterval;
            return this;
        }

        public Builder channelPositionCheckDelay(Duration channelPositionCheckDelay) {
            this.channelPositionCheckDelay = channelPositionCheckDelay;
            return this;
        }

        public Builder channelLimit(int channelLimit) {
            this.channelLimit = channelLimit;
            return this;
        }

        public Builder queueMaxBytes(long queueMaxBytes) {
            this.queueMaxBytes = queueMaxBytes;
            return this;
        }

        public Builder userConnectionLimit(int userConnectionLimit) {
            this.userConnectionLimit = userConnectionLimit;
            return this;
        }

        public Builder connectionLimit(int connectionLimit) {
            this.connectionLimit = connectionLimit;
            return this;
        }

        public Builder historyMaxPublicationLimit(int historyMaxPublicationLimit) {
            this.historyMaxPublicationLimit = historyMaxPublicationLimit;
            return this;
        }

        public Builder recoveryMaxPublicationLimit(int recoveryMaxPublicationLimit) {
            this.recoveryMaxPublicationLimit = recoveryMaxPublicationLimit;
            return this;
        }

        public Builder handlerTimeout(Duration handlerTimeout) {
            this.handlerTimeout = handlerTimeout;
            return this;
        }

        public Builder allowAnonymousConnectWithoutToken(boolean allowAnonymousConnectWithoutToken) {
            this.allowAnonymousConnectWithoutToken = allowAnonymousConnectWithoutToken;
            return this;
        }

        public Builder ignoreHttpPrincipal(boolean ignoreHttpPrincipal) {
            this.ignoreHttpPrincipal = ignoreHttpPrincipal;
            return this;
        }

        public Builder connectIncludeServerTime(boolean connectIncludeServerTime) {
            this.connectIncludeServerTime = connectIncludeServerTime;
            return this;
        }

        public Builder insecure(boolean insecure) {
            this.insecure = insecure;
            return this;
        }

        public Builder personalChannel(boolean personalChannel) {
            this.personalChannel = personalChannel;
            return this;
        }

        public Builder personalChannelNamespace(String personalChannelNamespace) {
            this.personalChannelNamespace = personalChannelNamespace;
            return this;
        }

        public Builder singleConnection(boolean singleConnection) {
            this.singleConnection = singleConnection;
            return this;
        }

        public Builder limits(ClientLimits limits) {
            this.limits = limits;
            return this;
        }

        public ClientOptions build() {
            return new ClientOptions(
                    pingInterval,
                    pongTimeout,
                    staleCloseDelay,
                    expiredCloseDelay,
                    expiredSubCloseDelay,
                    presenceUpdateInterval,
                    channelPositionCheckDelay,
                    channelLimit,
                    queueMaxBytes,
                    userConnectionLimit,
                    connectionLimit,
                    historyMaxPublicationLimit,
                    recoveryMaxPublicationLimit,
                    handlerTimeout,
                    allowAnonymousConnectWithoutToken,
                    ignoreHttpPrincipal,
                    connectIncludeServerTime,
                    insecure,
                    personalChannel,
                    personalChannelNamespace,
                    singleConnection,
                    limits);
        }
    }
}
