/** Presence of clients in channels. */
@NullMarked
package dev.realtime.engine.redis.presence;

import org.jspecify.annotations.NullMarked;
