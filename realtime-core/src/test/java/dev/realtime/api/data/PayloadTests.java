package dev.realtime.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PayloadTests {

    @Test
    void jsonIsRecognisedWhereItEnters() {
        assertThat(Payload.ofText("{}").isJson()).isTrue();
        assertThat(Payload.ofText("{}").hasLineBreaks()).isFalse();
        assertThat(Payload.ofText("{\n}").isJson()).isTrue();
        assertThat(Payload.ofText("{\n}").hasLineBreaks()).isTrue();
        assertThat(Payload.ofText("{").isJson()).isFalse();
        assertThat(Payload.of(new byte[] {(byte) 0xff}).isJson()).isFalse();
    }

    @Test
    void uncheckedBytesAreLookedAtWhenItIsAskedForAndOnlyOnce() {
        byte[] bytes = "{".getBytes(StandardCharsets.UTF_8);
        Payload payload = Payload.ofUnchecked(bytes);
        bytes[0] = '1';
        assertThat(payload.isJson()).isTrue();
        bytes[0] = '{';
        assertThat(payload.isJson()).isTrue();

        assertThat(Payload.ofUnchecked("{\n}".getBytes(StandardCharsets.UTF_8)).hasLineBreaks())
                .isTrue();
        assertThat(Payload.ofUnchecked(new byte[0])).isSameAs(Payload.empty());
    }

    @Test
    void noBytesAreEmptyAndNotJson() {
        assertThat(Payload.of(new byte[0])).isSameAs(Payload.empty());
        assertThat(Payload.empty().isEmpty()).isTrue();
        assertThat(Payload.empty().isJson()).isFalse();
        assertThat(Payload.ofText("null").isEmpty()).isFalse();
        assertThat(Payload.ofText("\"\"").isEmpty()).isFalse();
    }

    @Test
    void nestingOverTheLimitIsNotJson() {
        int limit = Payload.MAX_JSON_DEPTH;

        assertThat(Payload.ofText("[".repeat(limit) + "]".repeat(limit)).isJson())
                .isTrue();
        assertThat(Payload.ofText("[".repeat(limit + 1) + "]".repeat(limit + 1)).isJson())
                .isFalse();
    }

    @Test
    void contentIsNeverPrinted() {
        assertThat(Payload.ofText("\"secret\"")).hasToString("Payload[8 bytes]");
    }
}
