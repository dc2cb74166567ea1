/** Who on this node is subscribed to what, and the fan-out to them. */
@NullMarked
package dev.realtime.hub;

import org.jspecify.annotations.NullMarked;
