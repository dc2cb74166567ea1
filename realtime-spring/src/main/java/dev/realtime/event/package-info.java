/** Events of the server on the application context: at most once, in order, on a separate thread. */
@NullMarked
package dev.realtime.event;

import org.jspecify.annotations.NullMarked;
