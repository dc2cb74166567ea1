/** Events of the server in the application context. */
@NullMarked
package dev.realtime.autoconfigure.event;

import org.jspecify.annotations.NullMarked;
