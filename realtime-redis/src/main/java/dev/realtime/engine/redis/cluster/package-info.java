/** Topology of a cluster: who owns which slot, and where commands for a slot go. */
@NullMarked
package dev.realtime.engine.redis.cluster;

import org.jspecify.annotations.NullMarked;
