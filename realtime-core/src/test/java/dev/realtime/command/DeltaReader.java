package dev.realtime.command;

import dev.realtime.api.data.Publication;
import dev.realtime.delta.FossilPatches;
import dev.realtime.node.ScriptedClient;
import dev.realtime.protocol.ClientCodec;
import dev.realtime.protocol.Push;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reader of the publications of one channel that does with deltas what the SDKs do. */
final class DeltaReader {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final List<String> values = new ArrayList<>();

    private final List<Long> offsets = new ArrayList<>();

    private int patches;

    private byte[] base = new byte[0];

    /** Data of all publications read so far. */
    List<String> values() {
        return values;
    }

    List<Long> offsets() {
        return offsets;
    }

    /** How many of the publications read so far were patches. */
    int patches() {
        return patches;
    }

    /** Reads what a client that speaks JSON received, replies to subscribe included; returns itself. */
    DeltaReader read(ScriptedClient client) {
        for (String message : client.take()) {
            JsonNode json = MAPPER.readTree(message);
            json.path("subscribe").path("publications").forEach(this::read);
            if (json.path("push").has("pub")) {
                read(json.path("push").path("pub"));
            }
        }
        return this;
    }

    private void read(JsonNode publication) {
        byte[] text = publication.path("data").stringValue().getBytes(StandardCharsets.UTF_8);
        read(
                text,
                publication.path("delta").asBoolean(false),
                publication.path("offset").asLong(0));
    }

    /** Reads the pushes that a client that speaks Protobuf received; returns itself. */
    DeltaReader read(ScriptedClient client, ClientCodec codec) {
        for (byte[] message : client.takeBytes()) {
            for (Object push : codec.decode(message)) {
                if (push instanceof Push.Pub pub) {
                    Publication publication = pub.publication();
                    boolean delta = publication.delta() == Publication.Delta.PATCH;
                    read(publication.data().bytes(), delta, publication.offset());
                }
            }
        }
        return this;
    }

    private void read(byte[] data, boolean delta, long offset) {
        base = delta ? FossilPatches.apply(base, data) : data;
        patches += delta ? 1 : 0;
        values.add(new String(base, StandardCharsets.UTF_8));
        offsets.add(offset);
    }
}
