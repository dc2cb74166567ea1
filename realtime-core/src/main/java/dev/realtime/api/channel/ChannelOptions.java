package dev.realtime.api.channel;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Options all channels of a namespace share. Everything but the echo of publications is off and closed by default.
 * Names and defaults are those of Centrifugo's namespace options.
 *
 * @param presence whether presence is kept
 * @param joinLeave whether join and leave are published
 * @param forcePushJoinLeave whether every subscriber receives them, asked for or not
 * @param history what is kept of publications
 * @param forcePositioning whether every subscription is positioned
 * @param allowPositioning whether a client may ask for positioning
 * @param forceRecovery whether every subscription is recoverable
 * @param allowRecovery whether a client may ask for recovery
 * @param recoveryMode what recovering means
 * @param autoCacheRecover whether subscribers of a cache channel get the latest publication without asking
 * @param allowTagsFilter whether a client may subscribe with a filter of tags
 * @param allowedDeltaTypes formats of differences that a client may ask for; empty for none
 * @param deltaPublish whether every publication may be sent as a difference, and not only those published so
 * @param subscribeAccess clients that may subscribe; {@link Access#subscriber()} has no meaning here
 * @param publishAccess clients that may publish
 * @param presenceAccess clients that may read presence
 * @param historyAccess clients that may read history
 * @param allowUserLimitedChannels whether a name with {@code #} admits the users listed in it
 * @param channelRegex what the name after the namespace must match for clients; {@code null} for any ASCII
 * @param publicationDataFormat what data must be
 * @param publishAck when a publish is acknowledged
 * @param publishEcho whether a client gets what it publishes itself
 * @param delivery how publications get to subscribers
 * @param allowChannelCompaction whether pushes have a number instead of the channel for clients that ask for it
 * @param publishDebounce time in which SDKs send one publication of a client, the newest; zero for all of them
 */
public record ChannelOptions(
        boolean presence,
        boolean joinLeave,
        boolean forcePushJoinLeave,
        HistoryOptions history,
        boolean forcePositioning,
        boolean allowPositioning,
        boolean forceRecovery,
        boolean allowRecovery,
        RecoveryMode recoveryMode,
        boolean autoCacheRecover,
        boolean allowTagsFilter,
        Set<DeltaType> allowedDeltaTypes,
        boolean deltaPublish,
        Access subscribeAccess,
        Access publishAccess,
        Access presenceAccess,
        Access historyAccess,
        boolean allowUserLimitedChannels,
        @Nullable Pattern channelRegex,
        DataFormat publicationDataFormat,
        PublishAck publishAck,
        boolean publishEcho,
        DeliveryOptions delivery,
        boolean allowChannelCompaction,
        Duration publishDebounce) {

    /** Everything off. */
    public static final ChannelOptions DEFAULTS = builder().build();

    /**
     * Creates a builder with everything off.
     *
     * @return a builder with the default options
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Replaces the options that an override names.
     *
     * @param overrides options that replace those of the namespace
     * @return a copy with the options
     */
    public ChannelOptions with(SubscribeOverrides overrides) {
        if (overrides.equals(SubscribeOverrides.NONE)) {
            return this;
        }
        return new ChannelOptions(
                or(overrides.presence(), presence),
                or(overrides.joinLeave(), joinLeave),
                or(overrides.forcePushJoinLeave(), forcePushJoinLeave),
                history,
                or(overrides.forcePositioning(), forcePositioning),
                allowPositioning,
                or(overrides.forceRecovery(), forceRecovery),
                allowRecovery,
                recoveryMode,
                autoCacheRecover,
                allowTagsFilter,
                allowedDeltaTypes,
                deltaPublish,
                subscribeAccess,
                publishAccess,
                presenceAccess,
                historyAccess,
                allowUserLimitedChannels,
                channelRegex,
                publicationDataFormat,
                publishAck,
                publishEcho,
                delivery,
                allowChannelCompaction,
                publishDebounce);
    }

    private static boolean or(@Nullable Boolean override, boolean otherwise) {
        return override == null ? otherwise : override;
    }

    /** Collects options; what is not set stays off. */
    public static final class Builder {

        private boolean presence;
        private boolean joinLeave;
        private boolean forcePushJoinLeave;
        private HistoryOptions history = HistoryOptions.NONE;
        private boolean forcePositioning;
        private boolean allowPositioning;
        private boolean forceRecovery;
        private boolean allowRecovery;
        private RecoveryMode recoveryMode = RecoveryMode.STREAM;
        private boolean autoCacheRecover;
        private boolean allowTagsFilter;
        private Set<DeltaType> allowedDeltaTypes = Set.of();
        private boolean deltaPublish;
        private Access subscribeAccess = Access.NOBODY;
        private Access publishAccess = Access.NOBODY;
        private Access presenceAccess = Access.NOBODY;
        private Access historyAccess = Access.NOBODY;
        private boolean allowUserLimitedChannels;
        private @Nullable Pattern channelRegex;
        private DataFormat publicationDataFormat = DataFormat.ANY;
        private PublishAck publishAck = PublishAck.PRIMARY;
        private boolean publishEcho = true;
        private DeliveryOptions delivery = DeliveryOptions.DEFAULTS;
        private boolean allowChannelCompaction;
        private Duration publishDebounce = Duration.ZERO;

        private Builder() {}

        /**
         * Sets whether presence is kept.
         *
         * @param presence whether presence is kept
         * @return this builder
         */
        public Builder presence(boolean presence) {
            this.presence = presence;
            return this;
        }

        /**
         * Sets whether joins and leaves are announced.
         *
         * @param joinLeave whether joins and leaves are announced
         * @return this builder
         */
        public Builder joinLeave(boolean joinLeave) {
            this.joinLeave = joinLeave;
            return this;
        }

        /**
         * Sets whether every subscriber receives joins and leaves.
         *
         * @param forcePushJoinLeave whether every subscriber receives joins and leaves
         * @return this builder
         */
        public Builder forcePushJoinLeave(boolean forcePushJoinLeave) {
            this.forcePushJoinLeave = forcePushJoinLeave;
            return this;
        }

        /**
         * Sets history options of the channel.
         *
         * @param history history options of the channel
         * @return this builder
         */
        public Builder history(HistoryOptions history) {
            this.history = history;
            return this;
        }

        /**
         * Sets whether every subscription is positioned.
         *
         * @param forcePositioning whether every subscription is positioned
         * @return this builder
         */
        public Builder forcePositioning(boolean forcePositioning) {
            this.forcePositioning = forcePositioning;
            return this;
        }

        /**
         * Sets whether clients may request positioning.
         *
         * @param allowPositioning whether clients may request positioning
         * @return this builder
         */
        public Builder allowPositioning(boolean allowPositioning) {
            this.allowPositioning = allowPositioning;
            return this;
        }

        /**
         * Sets whether every subscription recovers.
         *
         * @param forceRecovery whether every subscription recovers
         * @return this builder
         */
        public Builder forceRecovery(boolean forceRecovery) {
            this.forceRecovery = forceRecovery;
            return this;
        }

        /**
         * Sets whether clients may request recovery.
         *
         * @param allowRecovery whether clients may request recovery
         * @return this builder
         */
        public Builder allowRecovery(boolean allowRecovery) {
            this.allowRecovery = allowRecovery;
            return this;
        }

        /**
         * Sets publications to recover.
         *
         * @param recoveryMode publications to recover
         * @return this builder
         */
        public Builder recoveryMode(RecoveryMode recoveryMode) {
            this.recoveryMode = recoveryMode;
            return this;
        }

        /**
         * Sets whether subscribers of a cache channel receive the latest publication without a request.
         *
         * @param autoCacheRecover whether subscribers of a cache channel receive the latest publication without a
         *     request
         * @return this builder
         */
        public Builder autoCacheRecover(boolean autoCacheRecover) {
            this.autoCacheRecover = autoCacheRecover;
            return this;
        }

        /**
         * Sets whether a client may subscribe with a filter of tags.
         *
         * @param allowTagsFilter whether a client may filter publications by their tags
         * @return this builder
         */
        public Builder allowTagsFilter(boolean allowTagsFilter) {
            this.allowTagsFilter = allowTagsFilter;
            return this;
        }

        /**
         * Sets the formats of differences that a client may ask for.
         *
         * @param allowedDeltaTypes formats; empty for none
         * @return this builder
         */
        public Builder allowedDeltaTypes(Set<DeltaType> allowedDeltaTypes) {
            this.allowedDeltaTypes = Set.copyOf(allowedDeltaTypes);
            return this;
        }

        /**
         * Sets whether every publication may be sent as a difference.
         *
         * @param deltaPublish {@code false} for only those that are published so
         * @return this builder
         */
        public Builder deltaPublish(boolean deltaPublish) {
            this.deltaPublish = deltaPublish;
            return this;
        }

        /**
         * Sets clients that may subscribe.
         *
         * @param subscribeAccess clients that may subscribe
         * @return this builder
         */
        public Builder subscribeAccess(Access subscribeAccess) {
            this.subscribeAccess = subscribeAccess;
            return this;
        }

        /**
         * Sets clients that may publish.
         *
         * @param publishAccess clients that may publish
         * @return this builder
         */
        public Builder publishAccess(Access publishAccess) {
            this.publishAccess = publishAccess;
            return this;
        }

        /**
         * Sets clients that may read presence.
         *
         * @param presenceAccess clients that may read presence
         * @return this builder
         */
        public Builder presenceAccess(Access presenceAccess) {
            this.presenceAccess = presenceAccess;
            return this;
        }

        /**
         * Sets clients that may read history.
         *
         * @param historyAccess clients that may read history
         * @return this builder
         */
        public Builder historyAccess(Access historyAccess) {
            this.historyAccess = historyAccess;
            return this;
        }

        /**
         * Sets whether names may list users.
         *
         * @param allowUserLimitedChannels whether names may list users
         * @return this builder
         */
        public Builder allowUserLimitedChannels(boolean allowUserLimitedChannels) {
            this.allowUserLimitedChannels = allowUserLimitedChannels;
            return this;
        }

        /**
         * Sets regular expression for names; {@code null} for none.
         *
         * @param channelRegex regular expression for names; {@code null} for none
         * @return this builder
         */
        public Builder channelRegex(@Nullable Pattern channelRegex) {
            this.channelRegex = channelRegex;
            return this;
        }

        /**
         * Sets format of published data.
         *
         * @param publicationDataFormat format of published data
         * @return this builder
         */
        public Builder publicationDataFormat(DataFormat publicationDataFormat) {
            this.publicationDataFormat = publicationDataFormat;
            return this;
        }

        /**
         * Sets time of the acknowledgement.
         *
         * @param publishAck time of the acknowledgement
         * @return this builder
         */
        public Builder publishAck(PublishAck publishAck) {
            this.publishAck = publishAck;
            return this;
        }

        /**
         * Sets whether a client gets what it publishes itself.
         *
         * @param publishEcho whether the publisher gets its own publication if it is subscribed
         * @return this builder
         */
        public Builder publishEcho(boolean publishEcho) {
            this.publishEcho = publishEcho;
            return this;
        }

        /**
         * Sets how publications get to subscribers.
         *
         * @param delivery policy for slow clients and batches
         * @return this builder
         */
        public Builder delivery(DeliveryOptions delivery) {
            this.delivery = delivery;
            return this;
        }

        /**
         * Sets whether pushes may have a number instead of the channel.
         *
         * @param allowChannelCompaction whether clients that ask for it get numbers
         * @return this builder
         */
        public Builder allowChannelCompaction(boolean allowChannelCompaction) {
            this.allowChannelCompaction = allowChannelCompaction;
            return this;
        }

        /**
         * Sets the time in which the SDK of a client sends only the newest of its publications.
         *
         * @param publishDebounce the time; zero to send all publications
         * @return this builder
         */
        public Builder publishDebounce(Duration publishDebounce) {
            this.publishDebounce = publishDebounce;
            return this;
        }

        /**
         * Builds the options.
         *
         * @return the options
         */
        public ChannelOptions build() {
            return new ChannelOptions(
                    presence,
                    joinLeave,
                    forcePushJoinLeave,
                    history,
                    forcePositioning,
                    allowPositioning,
                    forceRecovery,
                    allowRecovery,
                    recoveryMode,
                    autoCacheRecover,
                    allowTagsFilter,
                    allowedDeltaTypes,
                    deltaPublish,
                    subscribeAccess,
                    publishAccess,
                    presenceAccess,
                    historyAccess,
                    allowUserLimitedChannels,
                    channelRegex,
                    publicationDataFormat,
                    publishAck,
                    publishEcho,
                    delivery,
                    allowChannelCompaction,
                    publishDebounce);
        }
    }
}
