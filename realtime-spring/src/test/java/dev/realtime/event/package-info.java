/** Events of the server, as listeners of an application see them. */
@NullMarked
package dev.realtime.event;

import org.jspecify.annotations.NullMarked;
