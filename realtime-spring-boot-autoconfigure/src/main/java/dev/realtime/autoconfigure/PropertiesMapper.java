package dev.realtime.autoconfigure;

import static dev.realtime.autoconfigure.PropertyRules.notNegative;
import static dev.realtime.autoconfigure.PropertyRules.positive;
import static dev.realtime.autoconfigure.PropertyRules.positiveBytes;
import static dev.realtime.autoconfigure.PropertyRules.shown;

import dev.realtime.api.channel.Access;
import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.api.channel.HistoryOptions;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.connection.ClientOptions;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.node.NodeOptions;
import dev.realtime.node.RealtimeNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.system.ApplicationPid;
import org.springframework.util.StringUtils;

/**
 * Mapping of properties to the options of the core, which does not know the properties. Refuses values that the core
 * could not work with; the core itself refuses combinations of channel options.
 */
public final class PropertiesMapper {

    private static final String CLIENT = "realtime.client.";

    private static final String CHANNEL = "realtime.channel.";

    private PropertiesMapper() {}

    /** @throws ConfigurationProblemException if a value is refused */
    static NodeOptions nodeOptions(RealtimeProperties realtime) {
        String name = realtime.node().name();
        return new NodeOptions(
                StringUtils.hasText(name) ? name : defaultName(),
                version(),
                notNegative("realtime.shutdown.spread", realtime.shutdown().spread()),
                notNegative("realtime.shutdown.timeout", realtime.shutdown().timeout()));
    }

    /** @throws ConfigurationProblemException if a value is refused, by itself or beside another one */
    static ClientOptions clientOptions(RealtimeClientProperties client) {
        ClientOptions options = ClientOptions.builder()
                .pingInterval(notNegative(CLIENT + "ping-interval", client.pingInterval()))
                .pongTimeout(positive(
                        CLIENT + "pong-timeout", client.pongTimeout(), "so no client could answer a ping in time"))
                .staleCloseDelay(positive(
                        CLIENT + "stale-close-delay", client.staleCloseDelay(), "so no client could connect in time"))
                .expiredCloseDelay(notNegative(CLIENT + "expired-close-delay", client.expiredCloseDelay()))
                .expiredSubCloseDelay(notNegative(CLIENT + "expired-sub-close-delay", client.expiredSubCloseDelay()))
                .presenceUpdateInterval(positive(
                        CLIENT + "presence-update-interval",
                        client.presenceUpdateInterval(),
                        "but presence is refreshed and expiry checked at that interval"))
                .channelPositionCheckDelay(
                        notNegative(CLIENT + "channel-position-check-delay", client.channelPositionCheckDelay()))
                .channelLimit(positive(
                        CLIENT + "channel-limit", client.channelLimit(), "so no client could subscribe to a channel"))
                .queueMaxBytes(positiveBytes(
                        CLIENT + "queue-max-size", client.queueMaxSize(), "so no client could be sent anything"))
                .userConnectionLimit(
                        notNegative(CLIENT + "user-connection-limit", client.userConnectionLimit(), "any number"))
                .connectionLimit(notNegative(CLIENT + "connection-limit", client.connectionLimit(), "any number"))
                .historyMaxPublicationLimit(positive(
                        CLIENT + "history-max-publication-limit",
                        client.historyMaxPublicationLimit(),
                        "so no client could read history"))
                .recoveryMaxPublicationLimit(positive(
                        CLIENT + "recovery-max-publication-limit",
                        client.recoveryMaxPublicationLimit(),
                        "so no client could recover anything"))
                .handlerTimeout(positive(
                        CLIENT + "handler-timeout", client.handlerTimeout(), "so no handler could answer in time"))
                .ignoreHttpPrincipal(client.ignoreHttpPrincipal())
                .allowAnonymousConnectWithoutToken(client.allowAnonymousConnectWithoutToken())
                .connectIncludeServerTime(client.connectIncludeServerTime())
                .insecure(client.insecure())
                .personalChannel(client.subscribeToUserPersonalChannel().enabled())
                .personalChannelNamespace(
                        client.subscribeToUserPersonalChannel().personalChannelNamespace())
                .singleConnection(client.subscribeToUserPersonalChannel().singleConnection())
                .limits(LimitsMapper.limits(client))
                .build();
        refuseLatePongs(options);
        return options;
    }

    private static void refuseLatePongs(ClientOptions options) {
        if (!options.pingInterval().isZero() && options.pongTimeout().compareTo(options.pingInterval()) >= 0) {
            throw new ConfigurationProblemException(
                    CLIENT + "pong-timeout",
                    ("`realtime.client.pong-timeout` is `%s` but `realtime.client.ping-interval` is "
                                    + "`%s`, so the next ping"
                                    + " would leave before the answer to this one is late.")
                            .formatted(shown(options.pongTimeout()), shown(options.pingInterval())),
                    "Set `realtime.client.pong-timeout` below `realtime.client.ping-interval`.");
        }
    }

    /**
     * Returns the time to live of presence entries in the memory engine.
     *
     * @throws ConfigurationProblemException if they would be gone before they are refreshed
     */
    public static Duration memoryPresenceTtl(RealtimeProperties realtime, RealtimeClientProperties client) {
        return presenceTtl(
                RealtimeProperties.MEMORY_PRESENCE_TTL, realtime.memory().presenceTtl(), client);
    }

    /**
     * Returns the time to live of presence entries in an engine.
     *
     * @throws ConfigurationProblemException if they would be gone before they are refreshed
     */
    public static Duration presenceTtl(String property, Duration ttl, RealtimeClientProperties client) {
        Duration interval = client.presenceUpdateInterval();
        if (ttl.compareTo(interval) <= 0) {
            throw new ConfigurationProblemException(
                    property,
                    ("`%s` is `%s` but presence is refreshed every `%s` "
                                    + "(`realtime.client.presence-update-interval`), so"
                                    + " clients would drop out of presence while they are there.")
                            .formatted(property, shown(ttl), shown(interval)),
                    "Set `%s` to at least twice the interval, or shorten the interval.".formatted(property));
        }
        return ttl;
    }

    /**
     * Returns all namespaces.
     *
     * @param resolver the application's, {@code null} for none
     * @throws ConfigurationProblemException if a regular expression is malformed, or a name or a combination of options
     *     is refused
     */
    static Namespaces namespaces(RealtimeChannelProperties channel, @Nullable ChannelOptionsResolver resolver) {
        Map<String, ChannelOptions> namespaces = new LinkedHashMap<>();
        channel.namespaces()
                .forEach((name, namespace) ->
                        namespaces.put(name, channelOptions(channel, "namespaces." + name, namespace)));
        return new Namespaces(
                new ChannelNameRules(
                        channel.maxLength(),
                        channel.privatePrefix(),
                        channel.namespaceBoundary(),
                        channel.userBoundary(),
                        channel.userSeparator()),
                channelOptions(channel, "without-namespace", channel.withoutNamespace()),
                namespaces,
                resolver);
    }

    private static ChannelOptions channelOptions(
            RealtimeChannelProperties channel, String path, RealtimeChannelProperties.Namespace namespace) {
        return ChannelOptions.builder()
                .presence(namespace.presence())
                .joinLeave(namespace.joinLeave())
                .forcePushJoinLeave(namespace.forcePushJoinLeave())
                .history(new HistoryOptions(
                        namespace.historySize(),
                        namespace.historyTtl(),
                        namespace.historyMetaTtl() != null ? namespace.historyMetaTtl() : channel.historyMetaTtl()))
                .forcePositioning(namespace.forcePositioning())
                .allowPositioning(namespace.allowPositioning())
                .forceRecovery(namespace.forceRecovery())
                .allowRecovery(namespace.allowRecovery())
                .recoveryMode(namespace.forceRecoveryMode())
                .autoCacheRecover(namespace.autoCacheRecover())
                .allowTagsFilter(namespace.allowTagsFilter())
                .allowedDeltaTypes(Set.copyOf(namespace.allowedDeltaTypes()))
                .deltaPublish(namespace.deltaPublish())
                .subscribeAccess(
                        new Access(namespace.allowSubscribeForClient(), false, namespace.allowSubscribeForAnonymous()))
                .publishAccess(new Access(
                        namespace.allowPublishForClient(),
                        namespace.allowPublishForSubscriber(),
                        namespace.allowPublishForAnonymous()))
                .presenceAccess(new Access(
                        namespace.allowPresenceForClient(),
                        namespace.allowPresenceForSubscriber(),
                        namespace.allowPresenceForAnonymous()))
                .historyAccess(new Access(
                        namespace.allowHistoryForClient(),
                        namespace.allowHistoryForSubscriber(),
                        namespace.allowHistoryForAnonymous()))
                .allowUserLimitedChannels(namespace.allowUserLimitedChannels())
                .channelRegex(pattern(CHANNEL + path + ".channel-regex", namespace.channelRegex()))
                .publicationDataFormat(
                        namespace.publicationDataFormat() != null
                                ? namespace.publicationDataFormat()
                                : channel.publicationDataFormat())
                .publishAck(namespace.publishAck())
                .publishEcho(namespace.publishEcho())
                .delivery(namespace.delivery())
                .allowChannelCompaction(namespace.allowChannelCompaction())
                .publishDebounce(namespace.publishDebounce())
                .build();
    }

    private static @Nullable Pattern pattern(String property, String regex) {
        try {
            return regex.isEmpty() ? null : Pattern.compile(regex);
        } catch (PatternSyntaxException malformed) {
            throw new ConfigurationProblemException(
                    property,
                    "`%s` is `%s`, which is not a regular expression: %s at index %d."
                            .formatted(property, regex, malformed.getDescription(), malformed.getIndex()),
                    "Correct the expression. In YAML, single quotes keep backslashes as they are.");
        }
    }

    /** Returns host name and process id, such as {@code web-1_4711}: unique, and it names the machine. */
    private static String defaultName() {
        return hostName() + "_" + new ApplicationPid();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "localhost";
        }
    }

    /** Returns the version in the manifest of the core, or {@code development} if there is none. */
    private static String version() {
        String version = RealtimeNode.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
