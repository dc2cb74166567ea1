package dev.realtime.spi.engine;

import dev.realtime.api.ConnectedClient;
import java.util.List;
import java.util.Map;

/** Reply of a node to the {@link ControlQuestion} of the same name. */
public sealed interface ControlAnswer {

    /** Channel to the number of subscribers on the answering node. */
    record Channels(Map<String, Integer> clients) implements ControlAnswer {}

    /** Connections of the user on the answering node. */
    record Connections(List<ConnectedClient> clients) implements ControlAnswer {}
}
