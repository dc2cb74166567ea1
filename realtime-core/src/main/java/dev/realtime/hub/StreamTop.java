package dev.realtime.hub;

import dev.realtime.protocol.StreamPosition;

/**
 * What the engine says the top of a stream is, told to the subscribers some time later so that what was under way could
 * arrive.
 *
 * @param position top of the stream when it was read
 * @param quiet whether neither a publication nor a new subscriber, who may know of one, came since shortly before the reading,
 *     so that a subscriber that misses nothing stands exactly there; otherwise it stands there or beyond
 */
public record StreamTop(StreamPosition position, boolean quiet) {}
