/** Internal: events of the server in the application context; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.event;

import org.jspecify.annotations.NullMarked;
