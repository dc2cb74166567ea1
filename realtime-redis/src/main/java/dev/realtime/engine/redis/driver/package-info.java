/**
 * Additions to Lettuce: kinds of errors, heartbeats, deadlines for writes, and facts that servers report about
 * themselves.
 */
@NullMarked
package dev.realtime.engine.redis.driver;

import org.jspecify.annotations.NullMarked;
