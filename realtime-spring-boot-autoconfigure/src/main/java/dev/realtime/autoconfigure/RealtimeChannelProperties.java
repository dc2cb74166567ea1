package dev.realtime.autoconfigure;

import dev.realtime.api.channel.DataFormat;
import dev.realtime.api.channel.DeliveryOptions;
import dev.realtime.api.channel.DeltaType;
import dev.realtime.api.channel.PublishAck;
import dev.realtime.api.channel.RecoveryMode;
import dev.realtime.api.channel.SlowClientPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of channels. Names and defaults are those of Centrifugo's channel options.
 *
 * @param maxLength Maximum length of a channel name in bytes.
 * @param privatePrefix Prefix of channels that only a subscription token opens.
 * @param namespaceBoundary Separator between the namespace and the rest of a channel name.
 * @param userBoundary Separator between a channel name and the users it admits.
 * @param userSeparator Separator between the users a channel name admits.
 * @param historyMetaTtl Time the offset and epoch of a channel are kept after the last use.
 * @param publicationDataFormat Format that the data of publications must have.
 * @param withoutNamespace Options of channels without a namespace. No name can be used before something is allowed
 *     here.
 * @param namespaces Options of channels by the name of their namespace.
 */
@ConfigurationProperties("realtime.channel")
public record RealtimeChannelProperties(
        @DefaultValue("255") int maxLength,
        @DefaultValue("$") String privatePrefix,
        @DefaultValue(":") String namespaceBoundary,
        @DefaultValue("#") String userBoundary,
        @DefaultValue(",") String userSeparator,
        @DefaultValue("720h") Duration historyMetaTtl,
        @DefaultValue("any") DataFormat publicationDataFormat,
        @DefaultValue Namespace withoutNamespace,
        @DefaultValue Map<String, Namespace> namespaces) {

    /**
     * Options of the channels of one namespace.
     *
     * @param presence Whether to keep a list of the clients in a channel.
     * @param joinLeave Whether to publish when clients join and leave.
     * @param forcePushJoinLeave Whether every subscriber receives joins and leaves without asking.
     * @param historySize Maximum number of publications kept in a channel. Zero for no history. Needs a history TTL.
     * @param historyTtl Time publications are kept after the last one, in whole seconds. Zero for no history. Needs a
     *     history size.
     * @param historyMetaTtl Time the offset and epoch of a channel are kept after the last use. That of all channels if
     *     not set.
     * @param forcePositioning Whether every subscription is checked for lost publications.
     * @param allowPositioning Whether clients may ask to be checked for lost publications.
     * @param forceRecovery Whether every subscription recovers missed publications. Needs history.
     * @param allowRecovery Whether clients may ask for recovery. Needs history.
     * @param forceRecoveryMode What recovering means: all publications missed, or only the latest one.
     * @param autoCacheRecover Whether subscribers receive the latest publication without asking. Needs forced recovery
     *     in cache mode.
     * @param allowTagsFilter Whether clients may subscribe with a filter of tags, so that they receive only the
     *     publications that match.
     * @param allowedDeltaTypes Formats in which clients may ask for publications as differences to the one before. The
     *     only one is fossil.
     * @param deltaPublish Whether every publication may be sent as a difference. Otherwise only those that are
     *     published with the option delta.
     * @param allowSubscribeForClient Whether clients with a user id may subscribe.
     * @param allowSubscribeForAnonymous Whether permission to subscribe extends to anonymous clients.
     * @param allowPublishForClient Whether clients with a user id may publish.
     * @param allowPublishForSubscriber Whether subscribers of a channel may publish in it.
     * @param allowPublishForAnonymous Whether permission to publish extends to anonymous clients.
     * @param allowPresenceForClient Whether clients with a user id may read presence.
     * @param allowPresenceForSubscriber Whether subscribers of a channel may read its presence.
     * @param allowPresenceForAnonymous Whether permission to read presence extends to anonymous clients.
     * @param allowHistoryForClient Whether clients with a user id may read history.
     * @param allowHistoryForSubscriber Whether subscribers of a channel may read its history.
     * @param allowHistoryForAnonymous Whether permission to read history extends to anonymous clients.
     * @param allowUserLimitedChannels Whether channel names that end with a list of users admit exactly those.
     * @param channelRegex Regular expression that the name after the namespace must match when clients use it.
     * @param publicationDataFormat Format that the data of publications must have. That of all channels if not set.
     * @param publishAck When a publish is acknowledged: when the engine has the publication, or when a replica of Redis
     *     has it too. The latter needs history.
     * @param publishEcho Whether a client that is subscribed receives what it publishes itself.
     * @param onSlow What happens to publications for a client that does not take them as fast as they come. All but
     *     disconnect leave publications out, so recovery and positioning must be off.
     * @param conflateKey Tag whose value is the key of a publication, if slow clients receive only the newest of each
     *     key. One key for all publications of a channel if not set.
     * @param batchMaxDelay Time a publication waits for others that are written together with it. Zero for no waiting.
     * @param batchMaxSize Number of publications that end the waiting. Zero for any number. Needs a delay.
     * @param allowChannelCompaction Whether publications, joins and leaves have a number instead of the channel name
     *     for clients that ask for it.
     * @param publishDebounce Time in which the SDK of a client sends one publication, the newest. Zero for all
     *     publications. Only a hint, which SDKs may ignore.
     */
    public record Namespace(
            @DefaultValue("false") boolean presence,
            @DefaultValue("false") boolean joinLeave,
            @DefaultValue("false") boolean forcePushJoinLeave,
            @DefaultValue("0") int historySize,
            @DefaultValue("0s") Duration historyTtl,
            @Nullable Duration historyMetaTtl,
            @DefaultValue("false") boolean forcePositioning,
            @DefaultValue("false") boolean allowPositioning,
            @DefaultValue("false") boolean forceRecovery,
            @DefaultValue("false") boolean allowRecovery,
            @DefaultValue("stream") RecoveryMode forceRecoveryMode,
            @DefaultValue("false") boolean autoCacheRecover,
            @DefaultValue("false") boolean allowTagsFilter,
            @DefaultValue List<DeltaType> allowedDeltaTypes,
            @DefaultValue("false") boolean deltaPublish,
            @DefaultValue("false") boolean allowSubscribeForClient,
            @DefaultValue("false") boolean allowSubscribeForAnonymous,
            @DefaultValue("false") boolean allowPublishForClient,
            @DefaultValue("false") boolean allowPublishForSubscriber,
            @DefaultValue("false") boolean allowPublishForAnonymous,
            @DefaultValue("false") boolean allowPresenceForClient,
            @DefaultValue("false") boolean allowPresenceForSubscriber,
            @DefaultValue("false") boolean allowPresenceForAnonymous,
            @DefaultValue("false") boolean allowHistoryForClient,
            @DefaultValue("false") boolean allowHistoryForSubscriber,
            @DefaultValue("false") boolean allowHistoryForAnonymous,
            @DefaultValue("false") boolean allowUserLimitedChannels,
            @DefaultValue("") String channelRegex,
            @Nullable DataFormat publicationDataFormat,
            @DefaultValue("primary") PublishAck publishAck,
            @DefaultValue("true") boolean publishEcho,
            @DefaultValue("disconnect") SlowClientPolicy onSlow,
            @DefaultValue("") String conflateKey,
            @DefaultValue("0s") Duration batchMaxDelay,
            @DefaultValue("0") int batchMaxSize,
            @DefaultValue("false") boolean allowChannelCompaction,
            @DefaultValue("0s") Duration publishDebounce) {

        DeliveryOptions delivery() {
            return new DeliveryOptions(onSlow, conflateKey, batchMaxDelay, batchMaxSize);
        }
    }
}
