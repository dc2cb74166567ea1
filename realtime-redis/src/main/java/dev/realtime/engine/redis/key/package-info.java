/** Names of keys and pub/sub channels, and the partitions that they belong to. */
@NullMarked
package dev.realtime.engine.redis.key;

import org.jspecify.annotations.NullMarked;
