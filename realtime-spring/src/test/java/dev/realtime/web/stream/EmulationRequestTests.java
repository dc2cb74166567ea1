package dev.realtime.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands as clients post them. */
class EmulationRequestTests {

    private static final String BINARY = "Application/Octet-Stream; a=b";

    @Test
    void dataOfJsonIsAStringThatHoldsTheFrame() throws Exception {
        EmulationRequest request =
                json("{\"x\":[1],\"data\":\"{\\\"id\\\":1}\\n{}\",\"session\":\"s\",\"node\":\"n\",\"data\":\"{}\"}");

        assertThat(request.session()).isEqualTo("s");
        assertThat(request.node()).isEqualTo("n");
        assertThat(new String(request.data(), StandardCharsets.UTF_8)).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"session\":\"s\",\"data\":\"{}\"}", "{\"node\":null}"})
    void requestWithoutANodeIsForAnUnknownOne(String body) {
        assertRefused(404, body.getBytes(StandardCharsets.UTF_8), null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[]", "\"x\"", "{}{}", "{\"node\":1}", "{\"data\":{}}", "{\"a\":}"})
    void malformedJsonIsRefused(String body) {
        assertRefused(400, body.getBytes(StandardCharsets.UTF_8), "text/plain");
    }

    @Test
    void protobufHasNodeSessionAndData() throws Exception {
        byte[] body = {
            18, 1, 's', 40, (byte) 0x96, 1, 10, 1, 'n', 26, 2, 2, 8, 37, 1, 2, 3, 4, 49, 1, 2, 3, 4, 5, 6, 7, 8
        };

        EmulationRequest request = EmulationRequest.read(body, BINARY);

        assertThat(request.session()).isEqualTo("s");
        assertThat(request.node()).isEqualTo("n");
        assertThat(request.data()).containsExactly(2, 8);
    }

    @Test
    void malformedProtobufIsRefused() {
        assertRefused(400, new byte[0], BINARY);
        assertRefused(400, new byte[] {10}, BINARY);
        assertRefused(400, new byte[] {10, 2, 'n'}, BINARY);
        assertRefused(400, new byte[] {10, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7}, BINARY);
        assertRefused(400, new byte[] {10, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, BINARY);
        assertRefused(400, new byte[] {8, 1}, BINARY);
        assertRefused(400, new byte[] {10, 1, (byte) 0xff}, BINARY);
        assertRefused(400, new byte[] {2, 0}, BINARY);
        assertRefused(400, new byte[] {43, 44}, BINARY);
        assertRefused(404, new byte[] {18, 1, 's'}, BINARY);
    }

    @Test
    void textShowsNeitherSessionNorCommands() throws Exception {
        assertThat(json("{\"session\":\"secret\",\"node\":\"n\",\"data\":\"token\"}"))
                .hasToString("EmulationRequest[node=n, data of 5 bytes]");
    }

    private static EmulationRequest json(String body) throws StreamRefusedException {
        return EmulationRequest.read(body.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    private static void assertRefused(int status, byte[] body, String contentType) {
        assertThatExceptionOfType(StreamRefusedException.class)
                .isThrownBy(() -> EmulationRequest.read(body, contentType))
                .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(status));
    }
}
