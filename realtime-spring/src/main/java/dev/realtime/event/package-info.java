/** What happens in the server, as events of the application context; at most once, in order, off the event loops. */
@NullMarked
package dev.realtime.event;

import org.jspecify.annotations.NullMarked;
