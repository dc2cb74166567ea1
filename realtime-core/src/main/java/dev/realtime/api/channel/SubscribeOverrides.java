package dev.realtime.api.channel;

import org.jspecify.annotations.Nullable;

/** Options of a namespace replaced for one subscription, true or false; {@code null} leaves the namespace's. */
public record SubscribeOverrides(
        @Nullable Boolean presence,
        @Nullable Boolean joinLeave,
        @Nullable Boolean forcePushJoinLeave,
        @Nullable Boolean forceRecovery,
        @Nullable Boolean forcePositioning) {

    /** Nothing replaced. */
    public static final SubscribeOverrides NONE = new SubscribeOverrides(null, null, null, null, null);
}
