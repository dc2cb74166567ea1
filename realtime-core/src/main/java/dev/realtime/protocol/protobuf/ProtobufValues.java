package dev.realtime.protocol.protobuf;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.json.WireWriter;
import java.util.List;
import java.util.Map;

/** Writes what both replies and pushes hold, each as a field of the message it belongs to. */
final class ProtobufValues {

    private ProtobufValues() {}

    static void publication(WireWriter out, int field, Publication publication) {
        int start = ProtobufOutput.open(out, field);
        ProtobufOutput.payload(out, 4, publication.data());
        if (publication.info() != null) {
            clientInfo(out, 5, publication.info());
        }
        ProtobufOutput.number(out, 6, publication.offset());
        for (Map.Entry<String, String> tag : publication.tags().entrySet()) {
            int entry = ProtobufOutput.open(out, 7);
            ProtobufOutput.string(out, 1, tag.getKey());
            ProtobufOutput.string(out, 2, tag.getValue());
            ProtobufOutput.close(out, entry);
        }
        ProtobufOutput.bool(out, 8, publication.delta() == Publication.Delta.PATCH);
        ProtobufOutput.string(out, 14, publication.epoch());
        ProtobufOutput.number(out, 16, publication.version());
        ProtobufOutput.close(out, start);
    }

    static void publications(WireWriter out, int field, List<Publication> publications) {
        for (Publication publication : publications) {
            publication(out, field, publication);
        }
    }

    static void clientInfo(WireWriter out, int field, ClientInfo info) {
        int start = ProtobufOutput.open(out, field);
        ProtobufOutput.string(out, 1, info.userId());
        ProtobufOutput.string(out, 2, info.clientId());
        ProtobufOutput.payload(out, 3, info.connectionInfo());
        ProtobufOutput.payload(out, 4, info.channelInfo());
        ProtobufOutput.close(out, start);
    }
}
