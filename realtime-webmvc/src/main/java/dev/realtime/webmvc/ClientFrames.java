package dev.realtime.webmvc;

import dev.realtime.web.MessageCompression;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Reader of the frames of one client (RFC 6455 section 5): removes the masks, joins fragments, and checks sizes, order
 * and UTF-8. After a violation everything is dropped.
 *
 * <p>With permessage-deflate the first reserved bit of the first frame of a message says that it is compressed
 * (RFC 7692 section 6). Such a message is inflated when it is complete. All other reserved bits are wrong.
 *
 * <p>An idle connection holds no buffer: a message that arrived complete is a view of what was read.
 */
final class ClientFrames {

    private static final int CONTINUATION = 0;

    private static final int TEXT = 1;

    private static final int BINARY = 2;

    private static final int CLOSE = 8;

    private static final int PING = 9;

    private static final int PONG = 10;

    private static final int RESERVED_BITS = 0x70;

    /** The first of the reserved bits. */
    private static final int COMPRESSED = 0x40;

    private static final int MASK_BYTES = 4;

    private static final int MAX_CONTROL = 125;

    private static final int NORMAL = 1000;

    private static final int PROTOCOL_ERROR = 1002;

    private static final int INVALID_PAYLOAD = 1007;

    private static final int TOO_BIG = 1009;

    private static final ByteProcessor ASCII = octet -> octet >= 0;

    /** Receiver of what the client sent. */
    interface Receiver {

        /** @param message valid during the call */
        void onMessage(ByteBuf message);

        /** @param payload valid during the call */
        void onPing(ByteBuf payload);

        void onPong();

        /** @param code -1 if the close frame has none */
        void onClose(int code);

        /** @param code of the close frame that says so */
        void onViolation(int code);
    }

    private final int messageSizeLimit;

    private final Receiver receiver;

    /** Null if compression was not negotiated. */
    private final @Nullable MessageCompression compression;

    private final byte[] header = new byte[14];

    /** Number of bytes of the header that have arrived. */
    private int headerBytes;

    /** Number of bytes of the payload that have not arrived; -1 while the header is incomplete. */
    private int missing = -1;

    /** Number of bytes of the payload that were unmasked. */
    private int unmasked;

    /** Payload of a frame that arrives in parts, or first fragments of a message; null between messages. */
    private @Nullable ByteBuf message;

    private boolean messageIsText;

    private boolean messageIsCompressed;

    /** Payload of a control frame that arrives in parts. */
    private @Nullable ByteBuf control;

    /** A message has begun and its last fragment has not ended. */
    private boolean insideMessage;

    private boolean broken;

    ClientFrames(int messageSizeLimit, Receiver receiver, @Nullable MessageCompression compression) {
        this.messageSizeLimit = messageSizeLimit;
        this.receiver = receiver;
        this.compression = compression;
    }

    /**
     * Reads up to the end of one frame.
     *
     * @param in bytes of the client on an array of their own, which are changed
     * @return whether bytes may be left
     */
    boolean read(ByteBuf in) {
        if (broken) {
            return false;
        }
        if (missing < 0 && !readHeader(in)) {
            return false;
        }
        int count = Math.min(missing, in.readableBytes());
        unmask(in, count);
        missing -= count;
        ByteBuf part = in.readSlice(count);
        if (isControl()) {
            readControl(part);
        } else {
            readData(part);
        }
        if (missing == 0) {
            missing = -1;
            headerBytes = 0;
        }
        return !broken && in.isReadable();
    }

    void release() {
        broken = true;
        if (message != null) {
            message.release();
            message = null;
        }
        if (control != null) {
            control.release();
            control = null;
        }
    }

    /** Reads a header, which is checked before the mask arrives; returns whether it is complete and valid. */
    private boolean readHeader(ByteBuf in) {
        while (in.isReadable()) {
            header[headerBytes++] = in.readByte();
            if (headerBytes >= 2 && headerBytes == headerLength() - MASK_BYTES) {
                int violation = checkHeader();
                if (violation > 0) {
                    violate(violation);
                    return false;
                }
            } else if (headerBytes >= 2 && headerBytes == headerLength()) {
                missing = (int) length();
                unmasked = 0;
                return true;
            }
        }
        return false;
    }

    private int headerLength() {
        int length = header[1] & 0x7F;
        return 2 + MASK_BYTES + (length == 126 ? 2 : length == 127 ? 8 : 0);
    }

    /** Begins a frame whose length is known; returns the code of the close frame if it is wrong, 0 otherwise. */
    private int checkHeader() {
        int opcode = opcode();
        boolean masked = header[1] < 0;
        boolean reserved = (opcode > BINARY && opcode < CLOSE) || opcode > PONG;
        if (!masked || reserved || !allowsReservedBits(opcode)) {
            return PROTOCOL_ERROR;
        }
        long length = length();
        if (isControl()) {
            if (!isFinal() || length > MAX_CONTROL) {
                return PROTOCOL_ERROR;
            }
        } else {
            if (length < 0 || insideMessage != (opcode == CONTINUATION)) {
                return PROTOCOL_ERROR;
            }
            insideMessage = !isFinal();
            if (opcode != CONTINUATION) {
                messageIsText = opcode == TEXT;
                messageIsCompressed = (header[0] & RESERVED_BITS) != 0;
            }
            long before = message == null ? 0 : message.readableBytes();
            long limit = messageIsCompressed ? MessageCompression.compressedLimit(messageSizeLimit) : messageSizeLimit;
            if (before + length > limit) {
                return TOO_BIG;
            }
        }
        return 0;
    }

    private boolean allowsReservedBits(int opcode) {
        int bits = header[0] & RESERVED_BITS;
        boolean begins = opcode == TEXT || opcode == BINARY;
        return bits == 0 || (bits == COMPRESSED && begins && compression != null);
    }

    /** Returns the length of the payload; -1 if it is not in its shortest form. */
    private long length() {
        int length = header[1] & 0x7F;
        if (length < 126) {
            return length;
        }
        int octets = length == 126 ? 2 : 8;
        long extended = 0;
        for (int i = 0; i < octets; i++) {
            extended = extended << 8 | header[2 + i] & 0xFF;
        }
        return extended < (octets == 2 ? 126 : 65_536) ? -1 : extended;
    }

    private void unmask(ByteBuf in, int count) {
        byte[] bytes = in.array();
        int start = in.arrayOffset() + in.readerIndex();
        int mask = headerLength() - MASK_BYTES;
        for (int i = 0; i < count; i++) {
            bytes[start + i] ^= header[mask + (unmasked + i & 3)];
        }
        unmasked += count;
    }

    private void readData(ByteBuf part) {
        boolean complete = missing == 0 && isFinal();
        if (message == null && complete) {
            deliver(part);
            return;
        }
        if (message == null) {
            message = ByteBufAllocator.DEFAULT.heapBuffer(Math.max(part.readableBytes(), 64));
        }
        message.writeBytes(part);
        if (complete) {
            ByteBuf joined = message;
            message = null;
            try {
                deliver(joined);
            } finally {
                joined.release();
            }
        }
    }

    private void deliver(ByteBuf complete) {
        if (!messageIsCompressed || compression == null) {
            deliverPlain(complete);
            return;
        }
        ByteBuf plain;
        try {
            plain = compression.inflate(complete, messageSizeLimit);
        } catch (DataFormatException broken) {
            violate(INVALID_PAYLOAD);
            return;
        }
        if (plain == null) {
            violate(TOO_BIG);
            return;
        }
        try {
            deliverPlain(plain);
        } finally {
            plain.release();
        }
    }

    private void deliverPlain(ByteBuf complete) {
        if (messageIsText && !isUtf8(complete)) {
            violate(INVALID_PAYLOAD);
        } else {
            receiver.onMessage(complete);
        }
    }

    private void readControl(ByteBuf part) {
        if (control == null && missing == 0) {
            deliverControl(part);
            return;
        }
        if (control == null) {
            control = ByteBufAllocator.DEFAULT.heapBuffer(MAX_CONTROL);
        }
        control.writeBytes(part);
        if (missing == 0) {
            ByteBuf payload = control;
            control = null;
            try {
                deliverControl(payload);
            } finally {
                payload.release();
            }
        }
    }

    private void deliverControl(ByteBuf payload) {
        switch (opcode()) {
            case PING -> receiver.onPing(payload);
            case PONG -> receiver.onPong();
            default -> deliverClose(payload);
        }
    }

    private void deliverClose(ByteBuf payload) {
        if (!payload.isReadable()) {
            receiver.onClose(-1);
            return;
        }
        int code = payload.readableBytes() == 1 ? 0 : payload.readUnsignedShort();
        if (!isCloseCode(code)) {
            violate(PROTOCOL_ERROR);
        } else if (!isUtf8(payload)) {
            violate(INVALID_PAYLOAD);
        } else {
            receiver.onClose(code);
        }
    }

    /** Returns whether a client may send a code (RFC 6455 section 7.4). */
    private static boolean isCloseCode(int code) {
        return (code >= NORMAL && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    private void violate(int code) {
        release();
        receiver.onViolation(code);
    }

    private int opcode() {
        return header[0] & 0x0F;
    }

    private boolean isControl() {
        return (header[0] & 0x08) != 0;
    }

    private boolean isFinal() {
        return header[0] < 0;
    }

    /** Checks for ASCII first, which almost all messages are and which is much faster to check. */
    private static boolean isUtf8(ByteBuf text) {
        int rest = text.forEachByte(ASCII);
        return rest == -1 || ByteBufUtil.isText(text, rest, text.writerIndex() - rest, StandardCharsets.UTF_8);
    }
}
