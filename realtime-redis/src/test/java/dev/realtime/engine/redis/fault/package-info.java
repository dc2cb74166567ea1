/**
 * The Redis engine while Redis is hurt: two nodes under load, each fault that can be made on one machine, and the
 * verdict of the checker. Prints what was measured.
 */
@NullMarked
package dev.realtime.engine.redis.fault;

import org.jspecify.annotations.NullMarked;
