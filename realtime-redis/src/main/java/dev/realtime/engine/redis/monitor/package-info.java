/** Counters, state and log lines for operators. */
@NullMarked
package dev.realtime.engine.redis.monitor;

import org.jspecify.annotations.NullMarked;
