package dev.realtime.api.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Options of a namespace replaced for one subscription. */
class SubscribeOverridesTests {

    private static final ChannelOptions FULL = ChannelOptions.builder()
            .presence(true)
            .joinLeave(true)
            .forcePushJoinLeave(true)
            .history(new HistoryOptions(1, Duration.ofSeconds(2), Duration.ofSeconds(3)))
            .forcePositioning(true)
            .allowPositioning(true)
            .forceRecovery(true)
            .allowRecovery(true)
            .recoveryMode(RecoveryMode.CACHE)
            .autoCacheRecover(true)
            .subscribeAccess(new Access(true, false, false))
            .publishAccess(new Access(false, true, false))
            .presenceAccess(new Access(false, false, true))
            .historyAccess(new Access(true, true, true))
            .allowUserLimitedChannels(true)
            .channelRegex(Pattern.compile("a"))
            .publicationDataFormat(DataFormat.JSON)
            .build();

    @Test
    void nothingReplacedIsTheSameChannel() {
        Channel channel = new Channel("chat:a", "chat", FULL);

        assertThat(channel.with(SubscribeOverrides.NONE)).isSameAs(channel);
        assertThat(FULL.with(SubscribeOverrides.NONE)).isSameAs(FULL);
    }

    @Test
    void eachOptionNamedIsReplacedAndNoOther() {
        assertThat(FULL.with(SubscribeOverrides.NONE.withPresence(false)))
                .usingRecursiveComparison()
                .ignoringFields("presence")
                .isEqualTo(FULL);
        SubscribeOverrides off = SubscribeOverrides.NONE
                .withPresence(false)
                .withJoinLeave(false)
                .withForcePushJoinLeave(false)
                .withForceRecovery(false)
                .withForcePositioning(false);

        ChannelOptions replaced = new Channel("chat:a", "chat", FULL).with(off).options();

        assertThat(replaced.presence()).isFalse();
        assertThat(replaced.joinLeave()).isFalse();
        assertThat(replaced.forcePushJoinLeave()).isFalse();
        assertThat(replaced.forceRecovery()).isFalse();
        assertThat(replaced.forcePositioning()).isFalse();
        assertThat(replaced.with(SubscribeOverrides.NONE
                        .withPresence(true)
                        .withJoinLeave(true)
                        .withForcePushJoinLeave(true)
                        .withForceRecovery(true)
                        .withForcePositioning(true)))
                .isEqualTo(FULL);
    }
}
