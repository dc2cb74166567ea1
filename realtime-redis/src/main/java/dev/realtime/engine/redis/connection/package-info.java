/** All connections of an engine, for commands and for pub/sub. */
@NullMarked
package dev.realtime.engine.redis.connection;

import org.jspecify.annotations.NullMarked;
