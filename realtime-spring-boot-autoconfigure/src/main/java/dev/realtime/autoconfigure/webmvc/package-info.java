/** Internal: sockets on servlet containers; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.webmvc;

import org.jspecify.annotations.NullMarked;
