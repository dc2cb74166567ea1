/** What carries frames to one client, whatever the socket under it. */
@NullMarked
package dev.realtime.transport;

import org.jspecify.annotations.NullMarked;
