package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Offers of compression that are passed on to Netty. */
class NettyUpgradeStrategyTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate ; client_max_window_bits = 10 ; server_no_context_takeover",
                "Permessage-Deflate; server_max_window_bits=\"15\"; client_max_window_bits"
            })
    void legalOffersPass(String offer) {
        assertThat(NettyUpgradeStrategy.DEFLATE.matcher(offer).matches()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=\"10",
                "permessage-deflate;"
            })
    void otherOffersDoNot(String offer) {
        assertThat(NettyUpgradeStrategy.DEFLATE.matcher(offer).matches()).isFalse();
    }

    @Test
    void offerOfAnyLengthIsMatchedWithoutRecursion() {
        String offer = "permessage-deflate" + "; client_max_window_bits".repeat(100_000);

        assertThat(NettyUpgradeStrategy.DEFLATE.matcher(offer).matches()).isTrue();
    }
}
