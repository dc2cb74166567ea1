package dev.realtime.engine.redis.key;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A pub/sub name as key of a map. The bytes must not be changed. */
public final class PubSubName {

    private final byte[] bytes;

    private final int hash;

    public PubSubName(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PubSubName name && name.hash == hash && Arrays.equals(name.bytes, bytes);
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
