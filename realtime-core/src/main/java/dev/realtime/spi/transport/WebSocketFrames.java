package dev.realtime.spi.transport;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * Reader of the data frames that {@link Framing} makes for WebSocket, unmasked and unfragmented
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.2">RFC 6455, section 5.2</a>).
 */
public final class WebSocketFrames {

    private WebSocketFrames() {}

    /**
     * Calls back with each of the complete frames in a buffer, as a view without a reference of its own, for transports
     * that cannot send several at the same time. The buffer is left as it is.
     *
     * @param frames complete frames
     * @param action called with each buffer
     */
    public static void forEachFrame(ByteBuf frames, Consumer<ByteBuf> action) {
        int index = frames.readerIndex();
        while (index < frames.writerIndex()) {
            int length = lengthAt(frames, index);
            action.accept(frames.slice(index, length));
            index += length;
        }
    }

    private static int lengthAt(ByteBuf frames, int index) {
        int length = frames.getByte(index + 1);
        return switch (length) {
            case 126 -> 4 + frames.getUnsignedShort(index + 2);
            case 127 -> 10 + (int) frames.getLong(index + 2);
            default -> 2 + length;
        };
    }

    /**
     * Number of bytes before the message in a complete frame, for transports that make their own frames.
     *
     * @param frame complete frames in one buffer
     * @return the number of bytes
     */
    public static int headerLength(ByteBuf frame) {
        int length = frame.getByte(frame.readerIndex() + 1);
        return length == 126 ? 4 : length == 127 ? 10 : 2;
    }
}
