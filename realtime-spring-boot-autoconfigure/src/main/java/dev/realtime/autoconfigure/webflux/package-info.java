/** Internal: sockets on reactive web servers; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.webflux;

import org.jspecify.annotations.NullMarked;
