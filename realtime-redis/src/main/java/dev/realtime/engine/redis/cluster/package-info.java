/** Topology of a cluster: the owners of the slots, and where commands for a slot go. */
@NullMarked
package dev.realtime.engine.redis.cluster;

import org.jspecify.annotations.NullMarked;
