package dev.realtime.api.channel;

import org.jspecify.annotations.Nullable;

/**
 * Options of a namespace replaced for one subscription. Immutable; begin with {@link #NONE}.
 *
 * @see <a href="https://centrifugal.dev/docs/server/channels#channel-options">Channel options</a>
 */
public final class SubscribeOverrides {

    /** Nothing replaced. */
    public static final SubscribeOverrides NONE = new SubscribeOverrides(new Values(null, null, null, null, null));

    private final Values values;

    private SubscribeOverrides(Values values) {
        this.values = values;
    }

    private record Values(
            @Nullable Boolean presence,
            @Nullable Boolean joinLeave,
            @Nullable Boolean forcePushJoinLeave,
            @Nullable Boolean forceRecovery,
            @Nullable Boolean forcePositioning) {}

    /**
     * Returns the overrides with another {@code presence}.
     *
     * @param presence true or false; {@code null} leaves it to the namespace
     * @return other overrides
     */
    public SubscribeOverrides withPresence(@Nullable Boolean presence) {
        return new SubscribeOverrides(new Values(
                presence, values.joinLeave, values.forcePushJoinLeave, values.forceRecovery, values.forcePositioning));
    }

    /**
     * Returns the overrides with another {@code join-leave}.
     *
     * @param joinLeave true or false; {@code null} leaves it to the namespace
     * @return other overrides
     */
    public SubscribeOverrides withJoinLeave(@Nullable Boolean joinLeave) {
        return new SubscribeOverrides(new Values(
                values.presence, joinLeave, values.forcePushJoinLeave, values.forceRecovery, values.forcePositioning));
    }

    /**
     * Returns the overrides with another {@code force-push-join-leave}.
     *
     * @param forcePushJoinLeave true or false; {@code null} leaves it to the namespace
     * @return other overrides
     */
    public SubscribeOverrides withForcePushJoinLeave(@Nullable Boolean forcePushJoinLeave) {
        return new SubscribeOverrides(new Values(
                values.presence, values.joinLeave, forcePushJoinLeave, values.forceRecovery, values.forcePositioning));
    }

    /**
     * Returns the overrides with another {@code force-recovery}.
     *
     * @param forceRecovery true or false; {@code null} leaves it to the namespace
     * @return other overrides
     */
    public SubscribeOverrides withForceRecovery(@Nullable Boolean forceRecovery) {
        return new SubscribeOverrides(new Values(
                values.presence, values.joinLeave, values.forcePushJoinLeave, forceRecovery, values.forcePositioning));
    }

    /**
     * Returns the overrides with another {@code force-positioning}.
     *
     * @param forcePositioning true or false; {@code null} leaves it to the namespace
     * @return other overrides
     */
    public SubscribeOverrides withForcePositioning(@Nullable Boolean forcePositioning) {
        return new SubscribeOverrides(new Values(
                values.presence, values.joinLeave, values.forcePushJoinLeave, values.forceRecovery, forcePositioning));
    }

    /**
     * Returns what replaces {@code presence}.
     *
     * @return true or false; {@code null} for nothing
     */
    public @Nullable Boolean presence() {
        return values.presence;
    }

    /**
     * Returns what replaces {@code join-leave}.
     *
     * @return true or false; {@code null} for nothing
     */
    public @Nullable Boolean joinLeave() {
        return values.joinLeave;
    }

    /**
     * Returns what replaces {@code force-push-join-leave}.
     *
     * @return true or false; {@code null} for nothing
     */
    public @Nullable Boolean forcePushJoinLeave() {
        return values.forcePushJoinLeave;
    }

    /**
     * Returns what replaces {@code force-recovery}.
     *
     * @return true or false; {@code null} for nothing
     */
    public @Nullable Boolean forceRecovery() {
        return values.forceRecovery;
    }

    /**
     * Returns what replaces {@code force-positioning}.
     *
     * @return true or false; {@code null} for nothing
     */
    public @Nullable Boolean forcePositioning() {
        return values.forcePositioning;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SubscribeOverrides overrides && values.equals(overrides.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "SubscribeOverrides" + values.toString().substring("Values".length());
    }
}
