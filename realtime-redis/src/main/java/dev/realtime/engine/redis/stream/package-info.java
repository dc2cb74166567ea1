/** Scripts and replies of the streams that keep publications. */
@NullMarked
package dev.realtime.engine.redis.stream;

import org.jspecify.annotations.NullMarked;
