package dev.realtime.engine.redis.script;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** Scripts that run inside Redis. The header of each resource documents its arguments and result. */
public enum Script {
    PUBLISH(List.of("publish-usual", "open-stream", "publish"), "hash", "stream", "string"),
    PUBLISH_ONCE(List.of("publish-once"), "string"),
    HISTORY(List.of("open-stream", "open-range", "history"), "hash", "stream"),
    POSITIONS(List.of("open-stream", "positions"), "hash"),
    EPOCHS(List.of("open-stream", "epochs"), "hash"),
    NOTE_SEEN(List.of("open-stream", "note-seen"), "hash", "stream"),
    END_EPOCH(List.of("open-stream", "end-epoch"), "hash", "stream"),
    PRESENCE_ADD(List.of("open-clock", "open-presence", "presence-add"), "hash", "zset", "hash"),
    PRESENCE_REMOVE(List.of("open-clock", "open-presence", "presence-remove"), "hash", "zset", "hash"),
    PRESENCE_ALL(List.of("open-clock", "open-presence", "presence-all"), "hash", "zset", "hash"),
    PRESENCE_STATS(List.of("open-clock", "open-presence", "presence-stats"), "hash", "zset", "hash"),
    REPLICA_HISTORY(List.of("open-replica", "open-range", "replica-history"), "hash", "stream"),
    REPLICA_PRESENCE(List.of("open-clock", "open-replica", "replica-presence"), "hash", "zset", "hash"),
    CONTROL_BEAT(List.of("open-clock", "control-beat"), "hash", "zset"),
    CONTROL_LEAVE(List.of("control-leave"), "hash", "zset"),
    CONTROL_NODES(List.of("open-clock", "control-nodes"), "hash", "zset"),
    CONTROL_SEND(List.of("open-clock", "control-send"), "stream"),
    CONTROL_MISSED(List.of("open-clock", "control-missed"), "stream"),
    OCCUPANCY_REPORT(List.of("open-clock", "open-occupancy", "occupancy-report"), "zset", "hash", "zset"),
    OCCUPANCY_END(List.of("open-clock", "open-occupancy", "occupancy-end"), "zset", "hash", "zset"),
    OCCUPANCY_SHARE(List.of("open-occupancy", "occupancy-share"), "zset"),
    LAYOUT(List.of("open-stream", "layout"), "hash"),
    REPLICATION(List.of("replication"), "string"),
    REPLICATE(List.of("replicate"), "string", "hash"),
    RIGHTS(List.of("rights"), "none"),
    MEND(List.of("mend"));

    private static final List<MissingKeys.Kind> PRESENCE =
            List.of(MissingKeys.Kind.PRESENCE_INFOS, MissingKeys.Kind.PRESENCE_EXPIRY, MissingKeys.Kind.PRESENCE_USERS);

    private final byte[] source;

    private final byte[] digest;

    private final List<String> keyTypes;

    Script(List<String> resources, String... keyTypes) {
        this.keyTypes = List.of(keyTypes);
        this.source = load(resources);
        this.digest = sha1(source);
    }

    private static byte[] load(List<String> resources) {
        ByteArrayOutputStream source = new ByteArrayOutputStream();
        for (String resource : resources) {
            try (InputStream input = Script.class.getResourceAsStream(resource + ".lua")) {
                if (input == null) {
                    throw new IllegalStateException("The script " + resource + ".lua is missing from the jar");
                }
                input.transferTo(source);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return source.toByteArray();
    }

    private static byte[] sha1(byte[] source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(source);
            return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is not available in this Java runtime", e);
        }
    }

    public byte[] source() {
        return source;
    }

    /** Returns the digest by which the server knows the script, once it has received the source. */
    public byte[] digest() {
        return digest;
    }

    /**
     * Returns what each of the keys is while there is nothing in it; empty if this script cannot do with such keys.
     * Asked for when the keys cannot be used together, as their slot moves.
     */
    List<MissingKeys.Kind> kindsOf(int keys) {
        return switch (this) {
            case PUBLISH ->
                List.of(MissingKeys.Kind.META, MissingKeys.Kind.STREAM, MissingKeys.Kind.ANSWER)
                        .subList(0, keys);
            case HISTORY -> List.of(MissingKeys.Kind.META, MissingKeys.Kind.STREAM);
            case PRESENCE_ADD, PRESENCE_REMOVE, PRESENCE_ALL, PRESENCE_STATS ->
                Collections.nCopies(keys / 3, PRESENCE).stream()
                        .flatMap(List::stream)
                        .toList();
            default -> List.of();
        };
    }

    /**
     * Returns whether its key only says which server is meant. Such a script is not redirected to the server that the
     * slot is moving to, but runs at the owner without the key.
     */
    boolean isOfOwner() {
        return this == REPLICATION;
    }

    /**
     * What each of the keys holds; where there are more keys than types, the types begin again. Asked for when the
     * server found a key of another type.
     */
    byte[][] typesOf(int keys) {
        byte[][] types = new byte[keys][];
        for (int i = 0; i < keys; i++) {
            types[i] = keyTypes.get(i % keyTypes.size()).getBytes(StandardCharsets.US_ASCII);
        }
        return types;
    }
}
