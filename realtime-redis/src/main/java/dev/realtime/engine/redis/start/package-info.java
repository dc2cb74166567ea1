/** Checks when the engine starts, and what they report. */
@NullMarked
package dev.realtime.engine.redis.start;

import org.jspecify.annotations.NullMarked;
