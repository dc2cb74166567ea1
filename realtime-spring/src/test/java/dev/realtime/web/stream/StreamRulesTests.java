package dev.realtime.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.protocol.ProtocolLimits;
import dev.realtime.spi.transport.WireForm;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a request for a stream must be, and what its response has. */
class StreamRulesTests {

    @Test
    void onlyHttpStreamsSpeakProtobuf() {
        assertThat(StreamKind.HTTP_STREAM.wireForm("application/octet-stream")).isEqualTo(WireForm.PROTOBUF_DELIMITED);
        assertThat(StreamKind.HTTP_STREAM.wireForm("application/json")).isEqualTo(WireForm.JSON_LINES);
        assertThat(StreamKind.HTTP_STREAM.wireForm(null)).isEqualTo(WireForm.JSON_LINES);
        assertThat(StreamKind.SSE.wireForm("application/octet-stream")).isEqualTo(WireForm.JSON_SSE);
        assertThat(StreamKind.UNI_HTTP_STREAM.wireForm("application/octet-stream"))
                .isEqualTo(WireForm.UNI_JSON_LINES);
    }

    @Test
    void kindsHaveTheNamesOfCentrifugo() {
        assertThat(StreamKind.values())
                .extracting(StreamKind::defaultPath)
                .containsExactly(
                        "/connection/http_stream",
                        "/connection/sse",
                        "/connection/uni_http_stream",
                        "/connection/uni_sse");
        assertThat(StreamKind.UNI_HTTP_STREAM.properties()).isEqualTo("realtime.uni-http-stream");
    }

    @Test
    void keepAliveIsForHttp11Only() {
        assertThat(StreamHeaders.of(StreamKind.SSE, WireForm.JSON_SSE, "HTTP/1.1"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "Content-Type", "text/event-stream; charset=utf-8",
                        "X-Accel-Buffering", "no",
                        "Cache-Control", "private, no-cache, no-store, must-revalidate, max-age=0",
                        "Pragma", "no-cache",
                        "Connection", "keep-alive"));
        assertThat(StreamHeaders.of(StreamKind.SSE, WireForm.JSON_SSE, "HTTP/1.0"))
                .doesNotContainKey("Connection");
        assertThat(StreamHeaders.of(StreamKind.SSE, WireForm.JSON_SSE, "HTTP/2.0"))
                .doesNotContainKey("Connection");
    }

    @Test
    void requestWithoutOriginHasNoCorsHeaders() {
        assertThat(CorsHeaders.of(null, null)).isEmpty();
        assertThat(CorsHeaders.of("https://a.example", null))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "Access-Control-Allow-Origin", "https://a.example",
                        "Access-Control-Allow-Credentials", "true",
                        "Vary", "Origin"));
        assertThat(CorsHeaders.of("https://a.example", "x-a, x-b"))
                .containsEntry("Access-Control-Allow-Headers", "x-a, x-b");
    }

    @Test
    void malformedCommandsOfABidirectionalClientAreLeftToTheStream() throws Exception {
        assertThat(body(StreamKind.HTTP_STREAM, "{")).isEqualTo("{");
        assertThat(body(StreamKind.HTTP_STREAM, "")).isEmpty();
    }

    @Test
    void connectRequestOfAUnidirectionalClientIsChecked() throws Exception {
        assertThat(body(StreamKind.UNI_SSE, "null")).isEqualTo("null");
        assertThat(body(StreamKind.UNI_SSE, "{\"subs\":{\"a\":{}}}")).isNotEmpty();
        assertMalformed(StreamKind.UNI_SSE, "");
        assertMalformed(StreamKind.UNI_SSE, "{");
        assertMalformed(StreamKind.UNI_HTTP_STREAM, "[]");
        assertMalformed(StreamKind.UNI_HTTP_STREAM, "{}\n{}");
    }

    @Test
    void queryOfABidirectionalClientMustHaveCommands() throws Exception {
        assertThat(new String(
                        ConnectInput.ofQuery(StreamKind.UNI_SSE, WireForm.UNI_JSON_SSE, null, ProtocolLimits.DEFAULTS),
                        StandardCharsets.UTF_8))
                .isEqualTo("{}");
        assertThatExceptionOfType(StreamRefusedException.class)
                .isThrownBy(() -> ConnectInput.ofQuery(StreamKind.SSE, WireForm.JSON_SSE, "", ProtocolLimits.DEFAULTS))
                .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(400));
    }

    @Test
    void codeBecomesAStatusOnlyIfThatIsEnabled() {
        Map<Integer, Integer> statuses = Map.of(3500, 401);
        ConnectCodeResponses responses = new ConnectCodeResponses(true, statuses);
        assertThat(responses.statusOf(Disconnect.INVALID_TOKEN, null)).isEqualTo(401);
        assertThat(responses.statusOf(Disconnect.BAD_REQUEST, null)).isNull();
        assertThat(new ConnectCodeResponses(false, statuses).statusOf(Disconnect.INVALID_TOKEN, null))
                .isNull();
    }

    @Test
    void errorOfConnectComesBeforeTheDisconnectThatReplacesIt() {
        ClientError banned = new ClientError(4000, "banned", false);

        ConnectCodeResponses both = new ConnectCodeResponses(true, Map.of(3004, 500, 4000, 402));
        assertThat(both.statusOf(Disconnect.SERVER_ERROR, banned)).isEqualTo(402);
        assertThat(both.statusOf(Disconnect.SERVER_ERROR, ClientError.INTERNAL)).isEqualTo(500);
        assertThat(new ConnectCodeResponses(true, Map.of()).statusOf(Disconnect.SERVER_ERROR, banned))
                .isNull();
    }

    private static String body(StreamKind kind, String body) throws StreamRefusedException {
        byte[] input = ConnectInput.ofBody(
                kind, kind.wireForm(null), body.getBytes(StandardCharsets.UTF_8), ProtocolLimits.DEFAULTS);
        return new String(input, StandardCharsets.UTF_8);
    }

    private static void assertMalformed(StreamKind kind, String body) {
        assertThatExceptionOfType(StreamRefusedException.class)
                .isThrownBy(() -> body(kind, body))
                .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(400));
    }
}
