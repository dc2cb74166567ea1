/** Lua scripts and the calls that run them in order. */
@NullMarked
package dev.realtime.engine.redis.script;

import org.jspecify.annotations.NullMarked;
