package dev.realtime.spi.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.json.WireWriter;
import dev.realtime.protocol.Push;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes of each wire form. */
@ExtendWith(BufferLeaks.class)
class WireFormTests {

    private static final Push PUSH = new Push.Pub("a", new Publication(Payload.ofText("{\"x\":1}"), null, 7, Map.of()));

    private static final String BARE = "{\"channel\":\"a\",\"pub\":{\"data\":{\"x\":1},\"offset\":7}}";

    private static final String REPLY = "{\"push\":" + BARE + "}";

    private static byte[] bytes(WireForm form) {
        WireWriter message = new WireWriter();
        form.body().writePush(PUSH, message);
        return taken(form.frame(message, ByteBufAllocator.DEFAULT));
    }

    private static byte[] taken(ByteBuf frame) {
        try {
            return ByteBufUtil.getBytes(frame);
        } finally {
            frame.release();
        }
    }

    private static String text(WireForm form) {
        return new String(bytes(form), StandardCharsets.UTF_8);
    }

    private static byte[] ping(WireForm form) {
        WireWriter message = new WireWriter();
        form.body().writePing(message);
        return taken(form.frame(message, ByteBufAllocator.DEFAULT));
    }

    @Test
    void bidirectionalTextFormsCarryReplies() {
        assertThat(text(WireForm.JSON_LINES)).isEqualTo(REPLY + "\n");
        assertThat(text(WireForm.JSON_SSE)).isEqualTo("data: " + REPLY + "\n\n");
        assertThat(text(WireForm.JSON_WEBSOCKET)).endsWith(REPLY).hasSize(REPLY.length() + 2);
    }

    @Test
    void unidirectionalTextFormsCarryBarePushes() {
        assertThat(text(WireForm.UNI_JSON_LINES)).isEqualTo(BARE + "\n");
        assertThat(text(WireForm.UNI_JSON_SSE)).isEqualTo("data: " + BARE + "\n\n");
        assertThat(text(WireForm.UNI_JSON_WEBSOCKET)).endsWith(BARE).hasSize(BARE.length() + 2);
    }

    @Test
    void protobufIsPrecededByItsLengthInEnvelopesAlone() {
        byte[] delimited = bytes(WireForm.PROTOBUF_DELIMITED);
        byte[] webSocket = bytes(WireForm.PROTOBUF_WEBSOCKET);
        byte[] bare = bytes(WireForm.UNI_PROTOBUF_WEBSOCKET);

        assertThat(delimited[0]).isEqualTo((byte) (delimited.length - 1));
        assertThat(webSocket).endsWith(delimited).hasSize(delimited.length + 2);
        // The envelope is the length of the reply, and tag and length of its push.
        assertThat(bare).hasSize(2 + delimited.length - 3);
        assertThat(bare[0]).isEqualTo((byte) 0x82);
        assertThat(bare[2]).as("tag of the channel").isEqualTo((byte) (2 << 3 | 2));
    }

    @Test
    void pingIsAnEmptyMessage() {
        assertThat(ping(WireForm.JSON_SSE)).asString().isEqualTo("data: {}\n\n");
        assertThat(ping(WireForm.UNI_JSON_LINES)).asString().isEqualTo("{}\n");
        assertThat(ping(WireForm.PROTOBUF_DELIMITED)).containsExactly(0);
        assertThat(ping(WireForm.UNI_PROTOBUF_WEBSOCKET)).containsExactly(0x82, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "JSON_LINES, {\"push\":{\"disconnect\":{\"code\":3001|\"reason\":\"shutdown\"}}}",
        "UNI_JSON_LINES, {\"disconnect\":{\"code\":3001|\"reason\":\"shutdown\"}}"
    })
    void disconnectIsAPush(WireForm form, String expected) {
        byte[] frame = taken(form.disconnectFrame(Disconnect.SHUTDOWN, ByteBufAllocator.DEFAULT));

        assertThat(frame).asString().isEqualTo(expected.replace('|', ',') + "\n");
    }
}
