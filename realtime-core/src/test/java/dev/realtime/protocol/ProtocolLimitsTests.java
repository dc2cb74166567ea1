package dev.realtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.json.JsonSyntax;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolLimitsTests {

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 513})
    void depthThatCouldExhaustTheStackIsRefused(int depth) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProtocolLimits(1, 1, depth, 1, 1))
                .withMessage("The depth of messages must be from 1 to 512, but it is " + depth + ".");
    }

    @Test
    void deepestAllowedNestingFitsTheStack() {
        String deepest = "[".repeat(512) + "]".repeat(512);
        byte[] bytes = deepest.getBytes(StandardCharsets.US_ASCII);

        assertThat(JsonSyntax.check(bytes, 0, bytes.length, 512)).isEqualTo(JsonSyntax.Verdict.JSON);
    }
}
