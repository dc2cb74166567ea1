/** What Lettuce lacks: kinds of errors, heartbeats, deadlines for writes, and what servers report of themselves. */
@NullMarked
package dev.realtime.engine.redis.driver;

import org.jspecify.annotations.NullMarked;
