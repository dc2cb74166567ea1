package dev.realtime.protocol;

import java.util.Arrays;
import java.util.Random;

/** Small damage to bytes: some flipped, cut off, doubled or put in. */
public final class Mutations {

    private Mutations() {}

    public static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int count = 1 + random.nextInt(3); count > 0 && bytes.length > 0; count--) {
            int at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(5)) {
                case 0 -> Arrays.copyOf(bytes, at);
                case 1 -> spliced(bytes, at, Arrays.copyOfRange(bytes, at, bytes.length));
                case 2 -> spliced(bytes, at, new byte[] {(byte) random.nextInt(256)});
                case 3 -> spliced(bytes, at, bytes);
                default -> {
                    bytes[at] = (byte) random.nextInt(256);
                    yield bytes;
                }
            };
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int at, byte[] more) {
        byte[] spliced = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, spliced, at, more.length);
        System.arraycopy(bytes, at, spliced, at + more.length, bytes.length - at);
        return spliced;
    }
}
