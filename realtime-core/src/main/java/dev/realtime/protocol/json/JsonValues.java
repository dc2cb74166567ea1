package dev.realtime.protocol.json;

import static dev.realtime.protocol.json.ProtocolFields.*;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.json.JsonOutput;
import dev.realtime.json.WireWriter;
import java.util.List;
import java.util.Map;

/** Writes what both replies and pushes hold, each as the object that belongs after a name. */
final class JsonValues {

    private JsonValues() {}

    static void publication(WireWriter out, Publication publication) {
        JsonOutput.open(out);
        JsonPayloads.write(out, DATA, publication.data());
        if (publication.info() != null) {
            JsonOutput.name(out, INFO);
            clientInfo(out, publication.info());
        }
        JsonOutput.number(out, OFFSET, publication.offset());
        if (!publication.tags().isEmpty()) {
            JsonOutput.openObject(out, TAGS);
            for (Map.Entry<String, String> tag : publication.tags().entrySet()) {
                JsonOutput.key(out, tag.getKey());
                JsonOutput.string(out, tag.getValue());
            }
            JsonOutput.close(out);
        }
        JsonOutput.bool(out, DELTA, publication.delta() == Publication.Delta.PATCH);
        JsonOutput.string(out, EPOCH, publication.epoch());
        JsonOutput.number(out, VERSION, publication.version());
        JsonOutput.close(out);
    }

    /** An array that stays away when it would be empty. */
    static void publications(WireWriter out, List<Publication> publications) {
        if (!publications.isEmpty()) {
            publicationsEvenIfEmpty(out, publications);
        }
    }

    static void publicationsEvenIfEmpty(WireWriter out, List<Publication> publications) {
        JsonOutput.openArray(out, PUBLICATIONS);
        for (Publication publication : publications) {
            JsonOutput.comma(out);
            publication(out, publication);
        }
        JsonOutput.closeArray(out);
    }

    /** User and client are always written, even when empty. */
    static void clientInfo(WireWriter out, ClientInfo info) {
        JsonOutput.open(out);
        JsonOutput.name(out, USER);
        JsonOutput.string(out, info.userId());
        JsonOutput.name(out, CLIENT);
        JsonOutput.string(out, info.clientId());
        JsonPayloads.write(out, CONNECTION_INFO, info.connectionInfo());
        JsonPayloads.write(out, CHANNEL_INFO, info.channelInfo());
        JsonOutput.close(out);
    }
}
