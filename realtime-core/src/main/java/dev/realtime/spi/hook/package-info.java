/** Callbacks of the server that handlers of the application are attached to. */
@NullMarked
package dev.realtime.spi.hook;

import org.jspecify.annotations.NullMarked;
