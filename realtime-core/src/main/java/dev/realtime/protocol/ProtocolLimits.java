package dev.realtime.protocol;

import dev.realtime.api.client.Disconnect;
import dev.realtime.api.data.Payload;
import dev.realtime.json.JsonInput;

/**
 * Bounds a decoder keeps while it reads, before it allocates.
 *
 * @param messageBytes largest command, and largest length prefix believed
 * @param commandsPerFrame most commands in one frame; one more ends the frame with
 *     {@link Disconnect#TOO_MANY_REQUESTS}
 * @param depth deepest nesting of a JSON value that is not read, such as data, and of a tags filter; 1 to 512, since
 *     readers descend on the stack
 * @param nameBytes longest JSON field name where names are compared, in bytes as it was sent
 * @param numberLength longest JSON number in a field that is read, in characters
 */
public record ProtocolLimits(int messageBytes, int commandsPerFrame, int depth, int nameBytes, int numberLength) {

    /** 64 KiB messages, 500 commands, depth 64, names of 256 bytes, numbers of 32 characters. */
    public static final ProtocolLimits DEFAULTS = new ProtocolLimits(65_536, 500, Payload.MAX_JSON_DEPTH, 256, 32);

    public ProtocolLimits {
        if (depth < 1 || depth > 512) {
            throw new IllegalArgumentException("The depth of messages must be from 1 to 512, but it is " + depth + ".");
        }
    }

    /** The same limits with another message size. */
    public ProtocolLimits withMessageBytes(int messageBytes) {
        return new ProtocolLimits(messageBytes, commandsPerFrame, depth, nameBytes, numberLength);
    }

    /** Returns a reader of the frame's JSON that keeps these limits. */
    public JsonInput jsonInput(byte[] frame) {
        return new JsonInput(frame, depth, nameBytes, numberLength);
    }
}
