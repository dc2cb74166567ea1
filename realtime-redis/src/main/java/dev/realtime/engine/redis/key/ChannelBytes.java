package dev.realtime.engine.redis.key;

import dev.realtime.engine.redis.format.BinaryOutput;
import java.nio.charset.StandardCharsets;

/**
 * Channel names as bytes of a key. Two names never have the same bytes: a lone surrogate, which UTF-8 has no form for
 * and which the JDK replaces by a question mark, is written as the three bytes that its number would take.
 */
public final class ChannelBytes {

    private ChannelBytes() {}

    public static byte[] of(String channel) {
        return hasLoneSurrogate(channel) ? writeLoneSurrogates(channel) : channel.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean hasLoneSurrogate(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isSurrogate(name.charAt(i))) {
                if (isPair(name, i)) {
                    i++;
                } else {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isPair(String name, int at) {
        return at + 1 < name.length() && Character.isSurrogatePair(name.charAt(at), name.charAt(at + 1));
    }

    private static byte[] writeLoneSurrogates(String name) {
        BinaryOutput output = new BinaryOutput(name.length() * 3);
        int written = 0;
        for (int i = 0; i < name.length(); i++) {
            char unit = name.charAt(i);
            if (!Character.isSurrogate(unit)) {
                continue;
            }
            if (isPair(name, i)) {
                i++;
                continue;
            }
            output.bytes(name.substring(written, i).getBytes(StandardCharsets.UTF_8));
            output.octet(0xe0 | unit >> 12);
            output.octet(0x80 | unit >> 6 & 0x3f);
            output.octet(0x80 | unit & 0x3f);
            written = i + 1;
        }
        output.bytes(name.substring(written).getBytes(StandardCharsets.UTF_8));
        return output.toBytes();
    }
}
