package dev.realtime.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateOffersTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate ; client_max_window_bits = 10 ; server_no_context_takeover",
                "Permessage-Deflate; server_max_window_bits=\"15\"; client_max_window_bits"
            })
    void legalOffersAreFound(String offer) {
        assertThat(DeflateOffers.legal(List.of("foo, " + offer, "bar"))).containsExactly(offer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=\"10",
                "permessage-deflate;"
            })
    void otherOffersAreNot(String offer) {
        assertThat(DeflateOffers.legal(List.of(offer))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate; client_max_window_bits=8                            | true",
                "permessage-deflate; server_max_window_bits=15                           | true",
                "permessage-deflate; server_max_window_bits=14                           | false",
                "permessage-deflate; Server_Max_Window_Bits = \"8\"                      | false",
                "permessage-deflate; server_max_window_bits=9, permessage-deflate        | true",
                "foo                                                                     | false",
            })
    void smallerWindowOfTheServerIsNotAcceptable(String offers, boolean acceptable) {
        assertThat(DeflateOffers.acceptable(List.of(offers))).isEqualTo(acceptable);
    }

    @Test
    void offerOfAnyLengthIsMatchedWithoutRecursion() {
        String offer = "permessage-deflate" + "; client_max_window_bits".repeat(100_000);

        assertThat(DeflateOffers.legal(List.of(offer))).hasSize(1);
        assertThat(DeflateOffers.acceptable(List.of(offer))).isTrue();
    }
}
