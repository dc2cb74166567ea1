/** Subscribers on this node, and the fan-out to them. */
@NullMarked
package dev.realtime.hub;

import org.jspecify.annotations.NullMarked;
