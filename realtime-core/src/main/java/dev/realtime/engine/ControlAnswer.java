package dev.realtime.engine;

import java.util.List;
import java.util.Map;

/** Reply of a node to the {@link ControlQuestion} of the same name. */
public sealed interface ControlAnswer {

    /** Channel to the number of subscribers on the answering node. */
    record Channels(Map<String, Integer> clients) implements ControlAnswer {}

    /** Connections of the user on the answering node. */
    record Connections(List<ConnectedClient> clients) implements ControlAnswer {}

    /**
     * One connection.
     *
     * @param name of the SDK as the client says
     * @param version of the SDK as the client says
     * @param transport for instance {@code websocket}
     * @param protocol {@code json} or {@code protobuf}
     * @param channels it is subscribed to
     * @param connectedAtMillis Unix time in milliseconds
     */
    record ConnectedClient(
            String clientId,
            String userId,
            String nodeId,
            String name,
            String version,
            String transport,
            String protocol,
            List<String> channels,
            long connectedAtMillis) {}
}
