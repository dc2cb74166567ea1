/** Binary forms of publications, messages and replies. */
@NullMarked
package dev.realtime.engine.redis.format;

import org.jspecify.annotations.NullMarked;
