/** Contract of a transport, the side of a connection that writes to the network. */
@NullMarked
package dev.realtime.spi.transport;

import org.jspecify.annotations.NullMarked;
