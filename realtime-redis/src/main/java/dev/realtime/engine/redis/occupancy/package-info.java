/** Which channels have subscribers, on all nodes together. */
@NullMarked
package dev.realtime.engine.redis.occupancy;

import org.jspecify.annotations.NullMarked;
