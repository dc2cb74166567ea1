/** Generations of Redis: histories that its servers continue, and what this node saw of each. */
@NullMarked
package dev.realtime.engine.redis.generation;

import org.jspecify.annotations.NullMarked;
