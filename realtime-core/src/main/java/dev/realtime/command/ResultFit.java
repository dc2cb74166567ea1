package dev.realtime.command;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Publication;
import dev.realtime.connection.ClientConnection;
import dev.realtime.protocol.ProtocolCodec;
import dev.realtime.protocol.PushFit;
import dev.realtime.protocol.Result;
import java.util.Collection;
import java.util.List;

/** Check that the encoding of a client can carry a result: data that is not JSON cannot be sent to JSON clients. */
final class ResultFit {

    private ResultFit() {}

    static boolean carries(ClientConnection connection, Result.Subscribe result) {
        ProtocolCodec codec = codecOf(connection);
        return PushFit.carries(codec, result.data()) && carries(codec, result.publications());
    }

    static boolean carriesAll(ClientConnection connection, List<Publication> publications) {
        return carries(codecOf(connection), publications);
    }

    static boolean carriesAll(ClientConnection connection, Collection<ClientInfo> infos) {
        ProtocolCodec codec = codecOf(connection);
        for (ClientInfo info : infos) {
            if (!PushFit.carries(codec, info)) {
                return false;
            }
        }
        return true;
    }

    private static boolean carries(ProtocolCodec codec, List<Publication> publications) {
        for (Publication publication : publications) {
            if (!PushFit.carries(codec, publication)) {
                return false;
            }
        }
        return true;
    }

    private static ProtocolCodec codecOf(ClientConnection connection) {
        return connection.transport().wireForm().codec();
    }
}
