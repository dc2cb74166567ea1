package dev.realtime.hub;

import dev.realtime.api.data.StreamPosition;

/**
 * Top of a stream as read from the engine, which subscribers are checked against some time later, so that publications
 * in progress could arrive.
 *
 * @param position top of the stream when it was read
 * @param quiet whether neither a publication nor a new subscriber, which may know of one, arrived since shortly before
 *     the reading, so that a subscriber that misses nothing is exactly there; otherwise it is there or beyond
 */
public record StreamTop(StreamPosition position, boolean quiet) {}
