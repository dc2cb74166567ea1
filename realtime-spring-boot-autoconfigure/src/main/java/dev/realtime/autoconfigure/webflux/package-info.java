/** Sockets on reactive web servers. */
@NullMarked
package dev.realtime.autoconfigure.webflux;

import org.jspecify.annotations.NullMarked;
