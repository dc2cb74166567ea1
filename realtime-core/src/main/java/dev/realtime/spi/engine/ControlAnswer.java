package dev.realtime.spi.engine;

import dev.realtime.api.ConnectedClient;
import java.util.List;
import java.util.Map;

/** Reply of a node to a {@link ControlQuestion}: the one of the same name, {@link Emulated} to {@code Emulate}. */
public sealed interface ControlAnswer {

    /** Channel to the number of subscribers on the answering node. */
    record Channels(Map<String, Integer> clients) implements ControlAnswer {}

    /** Connections of the user on the answering node. */
    record Connections(List<ConnectedClient> clients) implements ControlAnswer {}

    /**
     * Outcome of a frame on the answering node.
     *
     * @param accepted {@code false} if so much of the session waits that the frame was dropped
     */
    record Emulated(boolean accepted) implements ControlAnswer {}
}
