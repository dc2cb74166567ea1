/** The Redis engine: broker, presence and control bus over standalone, Sentinel and Cluster. */
@NullMarked
package dev.realtime.engine.redis;

import org.jspecify.annotations.NullMarked;
