/** The Redis engine: its connection, options, health and meters. */
@NullMarked
package dev.realtime.autoconfigure.redis;

import org.jspecify.annotations.NullMarked;
