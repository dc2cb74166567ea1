package dev.realtime.engine;

import dev.realtime.protocol.Publication;
import dev.realtime.protocol.StreamPosition;
import java.util.List;

/**
 * What was read of a stream, at one moment.
 *
 * @param publications in the order asked for
 * @param position top of the stream at that moment
 */
public record HistoryResult(List<Publication> publications, StreamPosition position) {}
