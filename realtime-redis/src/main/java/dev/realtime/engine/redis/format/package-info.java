/** Binary forms of publications, messages and answers. */
@NullMarked
package dev.realtime.engine.redis.format;

import org.jspecify.annotations.NullMarked;
