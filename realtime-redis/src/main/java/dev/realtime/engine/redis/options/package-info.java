/** Configuration of the engine, and the options of a driver that fit it. */
@NullMarked
package dev.realtime.engine.redis.options;

import org.jspecify.annotations.NullMarked;
