/** Subscriptions of a node and the connections that carry them. */
@NullMarked
package dev.realtime.engine.redis.pubsub;

import org.jspecify.annotations.NullMarked;
