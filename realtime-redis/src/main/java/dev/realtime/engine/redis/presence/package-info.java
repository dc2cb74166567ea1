/** Who is present in a channel. */
@NullMarked
package dev.realtime.engine.redis.presence;

import org.jspecify.annotations.NullMarked;
