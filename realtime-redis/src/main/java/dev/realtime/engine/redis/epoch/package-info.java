/** Ends of epochs: what was lost when Redis continued in another generation. */
@NullMarked
package dev.realtime.engine.redis.epoch;

import org.jspecify.annotations.NullMarked;
