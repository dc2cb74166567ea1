/**
 * The Redis engine: its connection, options, health and meters. {@link RealtimeRedisConnectionDetails} is for
 * applications, the rest is internal.
 */
@NullMarked
package dev.realtime.autoconfigure.redis;

import org.jspecify.annotations.NullMarked;
