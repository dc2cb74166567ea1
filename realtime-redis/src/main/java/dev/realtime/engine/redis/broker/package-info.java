/** Publications, history and the streams that this node follows. */
@NullMarked
package dev.realtime.engine.redis.broker;

import org.jspecify.annotations.NullMarked;
