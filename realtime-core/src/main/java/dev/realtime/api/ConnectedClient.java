package dev.realtime.api;

import java.util.List;

/**
 * Connection of a client to a node.
 *
 * @param name of the SDK as the client says
 * @param version of the SDK as the client says
 * @param transport for instance {@code websocket}
 * @param protocol {@code json} or {@code protobuf}
 * @param channels it is subscribed to
 * @param connectedAtMillis Unix time in milliseconds
 */
public record ConnectedClient(
        String clientId,
        String userId,
        String nodeId,
        String name,
        String version,
        String transport,
        String protocol,
        List<String> channels,
        long connectedAtMillis) {}
