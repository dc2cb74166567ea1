/** Internal: event loops of a node, their timers, and the queues to slow clients. */
@NullMarked
package dev.realtime.loop;

import org.jspecify.annotations.NullMarked;
