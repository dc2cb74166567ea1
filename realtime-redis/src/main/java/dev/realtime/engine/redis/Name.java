package dev.realtime.engine.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A pub/sub name as key of a map. The bytes must not be changed. */
final class Name {

    private final byte[] bytes;

    private final int hash;

    Name(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Name name && name.hash == hash && Arrays.equals(name.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
