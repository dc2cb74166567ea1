package dev.realtime.api.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Permissions by configuration alone. */
class AccessTests {

    @Test
    void nobodyMayByDefault() {
        assertThat(Access.NOBODY.permits("42", true)).isFalse();
        assertThat(ChannelOptions.DEFAULTS.subscribeAccess()).isEqualTo(Access.NOBODY);
        assertThat(ChannelOptions.DEFAULTS.publishAccess()).isEqualTo(Access.NOBODY);
        assertThat(ChannelOptions.DEFAULTS.presenceAccess()).isEqualTo(Access.NOBODY);
        assertThat(ChannelOptions.DEFAULTS.historyAccess()).isEqualTo(Access.NOBODY);
    }

    @Test
    void clientIsAnyoneWithAUserId() {
        Access access = new Access(true, false, false);

        assertThat(access.permits("42", false)).isTrue();
        assertThat(access.permits("", false)).isFalse();
        assertThat(access.permits("", true)).isFalse();
    }

    @Test
    void subscriberIsWhoeverIsSubscribedNow() {
        Access access = new Access(false, true, false);

        assertThat(access.permits("42", true)).isTrue();
        assertThat(access.permits("42", false)).isFalse();
        assertThat(access.permits("", true)).isFalse();
    }

    @Test
    void anonymousWidensTheOthersAndGrantsNothingAlone() {
        assertThat(new Access(false, false, true).permits("", true)).isFalse();
        assertThat(new Access(false, false, true).permits("42", true)).isFalse();
        assertThat(new Access(true, false, true).permits("", false)).isTrue();
        assertThat(new Access(false, true, true).permits("", true)).isTrue();
        assertThat(new Access(false, true, true).permits("", false)).isFalse();
    }
}
