package dev.realtime.delta;

import java.io.ByteArrayOutputStream;

/** Decoder of the patches that {@link FossilDelta} makes, written from the description of the format. */
public final class FossilPatches {

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

    private final byte[] base;

    private final byte[] patch;

    private int at;

    private FossilPatches(byte[] base, byte[] patch) {
        this.base = base;
        this.patch = patch;
    }

    /** Returns what a patch makes of a base. */
    public static byte[] apply(byte[] base, byte[] patch) {
        return new FossilPatches(base, patch).target();
    }

    private byte[] target() {
        long length = number();
        expect('\n');
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        while (true) {
            long number = number();
            char command = (char) patch[at++];
            switch (command) {
                case '@' -> {
                    int from = Math.toIntExact(number());
                    expect(',');
                    target.write(base, from, Math.toIntExact(number));
                }
                case ':' -> {
                    target.write(patch, at, Math.toIntExact(number));
                    at += Math.toIntExact(number);
                }
                case ';' -> {
                    byte[] bytes = target.toByteArray();
                    if (bytes.length != length || checksum(bytes) != number || at != patch.length) {
                        throw new IllegalStateException("the patch does not end with its target");
                    }
                    return bytes;
                }
                default -> throw new IllegalStateException("no command: " + command);
            }
        }
    }

    private long number() {
        long number = 0;
        int digit;
        while ((digit = DIGITS.indexOf(patch[at])) >= 0) {
            number = number * 64 + digit;
            at++;
        }
        return number;
    }

    private void expect(char expected) {
        if (patch[at++] != expected) {
            throw new IllegalStateException("no " + (int) expected + " at " + (at - 1));
        }
    }

    private static long checksum(byte[] bytes) {
        long sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xffL) << 24 - 8 * (i % 4);
        }
        return sum & 0xffffffffL;
    }
}
