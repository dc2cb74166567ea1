package dev.realtime.autoconfigure;

import dev.realtime.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of client connections. Names and defaults are those of Centrifugo's client options.
 *
 * @param pingInterval Interval at which clients are pinged. Zero for never.
 * @param pongTimeout Time a client may take to answer a ping. Must be shorter than the ping interval.
 * @param staleCloseDelay Time a client may take to send the connect command.
 * @param expiredCloseDelay Time an expired connection is kept open for the client to refresh it.
 * @param expiredSubCloseDelay Time an expired subscription is kept open for the client to refresh it.
 * @param presenceUpdateInterval Interval at which presence is refreshed and subscriptions are checked for expiry.
 * @param channelPositionCheckDelay Time without a publication after which the position of a channel is compared with
 *     the engine.
 * @param channelLimit Maximum number of subscriptions of one connection.
 * @param queueMaxSize Maximum size of what is queued for one connection. Slower clients are disconnected.
 * @param userConnectionLimit Maximum number of connections of one user on this node. Zero for any number.
 * @param connectionLimit Maximum number of connections on this node. Zero for any number. Over it, clients get HTTP
 *     status 503.
 * @param connectionRateLimit Maximum number of new connections a second on this node. Zero for any number. Over it,
 *     clients get HTTP status 503.
 * @param nodeQueueMaxSize Maximum size of what is queued for all connections of this node together. Zero for any size.
 *     Over it, the connections that hold most are closed. By default 256 MB, or a quarter of the memory of the JVM
 *     (direct memory or heap) if that is less.
 * @param historyMaxPublicationLimit Maximum number of publications in one history reply to a client.
 * @param recoveryMaxPublicationLimit Maximum number of publications a client recovers. Clients that missed more are
 *     notified.
 * @param handlerTimeout Time an authenticator, an authorizer or a handler of the application may take.
 * @param allowedOrigins Origins of pages that may connect beside those of the host of the request, or patterns such as
 *     'https://*.example.org', as in Spring's CORS support. Begin globs of Centrifugo with 'glob:'.
 * @param ignoreHttpPrincipal Whether the principal of the HTTP request, such as the user of a session, is ignored.
 *     Clients are identified by what they send in the connect command then, and pages of any origin may be allowed.
 * @param allowAnonymousConnectWithoutToken Whether clients without any identity may connect.
 * @param disallowAnonymousConnectionTokens Whether connection tokens without a user id are refused.
 * @param connectIncludeServerTime Whether the connect reply contains the time of the server.
 * @param insecure Whether anyone may connect and do everything without permission. For local work only, a warning at
 *     each start.
 * @param insecureSkipTokenSignatureVerify Whether tokens are accepted without verifying their signature. For local work
 *     only, a warning at each start.
 * @param subscribeToUserPersonalChannel Personal channel of each user.
 * @param rateLimit Rates of commands.
 */
@ConfigurationProperties("realtime.client")
public record RealtimeClientProperties(
        @DefaultValue("25s") Duration pingInterval,
        @DefaultValue("8s") Duration pongTimeout,
        @DefaultValue("10s") Duration staleCloseDelay,
        @DefaultValue("25s") Duration expiredCloseDelay,
        @DefaultValue("25s") Duration expiredSubCloseDelay,
        @DefaultValue("27s") Duration presenceUpdateInterval,
        @DefaultValue("40s") Duration channelPositionCheckDelay,
        @DefaultValue("128") int channelLimit,
        @DefaultValue("1MB") DataSize queueMaxSize,
        @DefaultValue("0") int userConnectionLimit,
        @DefaultValue("0") int connectionLimit,
        @DefaultValue("0") int connectionRateLimit,
        @Nullable DataSize nodeQueueMaxSize,
        @DefaultValue("300") int historyMaxPublicationLimit,
        @DefaultValue("300") int recoveryMaxPublicationLimit,
        @DefaultValue("1s") Duration handlerTimeout,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("false") boolean ignoreHttpPrincipal,
        @DefaultValue("false") boolean allowAnonymousConnectWithoutToken,
        @DefaultValue("false") boolean disallowAnonymousConnectionTokens,
        @DefaultValue("false") boolean connectIncludeServerTime,
        @DefaultValue("false") boolean insecure,
        @DefaultValue("false") boolean insecureSkipTokenSignatureVerify,
        @DefaultValue PersonalChannel subscribeToUserPersonalChannel,
        @DefaultValue RateLimits rateLimit) {

    /**
     * Rate limits of one connection. Nothing is limited unless set.
     *
     * @param command Rate of commands of any kind. Over it, commands are refused with error 111.
     * @param operations Rates by kind of command. Over them, commands are refused with error 111.
     * @param error Rate of commands that fail. Over it, the client is disconnected with 3509.
     */
    record RateLimits(
            @DefaultValue Rate command,
            @DefaultValue Map<CommandType, Rate> operations,
            @DefaultValue Rate error) {}

    /**
     * Number of commands in an interval, which may come together.
     *
     * @param limit Maximum number in the interval. Zero for any number.
     * @param interval Time after which as many are allowed again.
     */
    record Rate(
            @DefaultValue("0") int limit,
            @DefaultValue("1s") Duration interval) {}

    /**
     * Channel that every connection of a user is subscribed to.
     *
     * @param enabled Whether each user is subscribed to a channel of its own.
     * @param personalChannelNamespace Namespace of the personal channels. Must exist. Without namespace if not set.
     * @param singleConnection Whether older connections of a user are closed when a new one comes. Needs presence in
     *     the personal channels.
     */
    record PersonalChannel(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("") String personalChannelNamespace,
            @DefaultValue("false") boolean singleConnection) {}
}
