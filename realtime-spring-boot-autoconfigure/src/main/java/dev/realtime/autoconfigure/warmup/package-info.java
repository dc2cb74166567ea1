/** Internal: traffic of the server with itself before its first clients; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.warmup;

import org.jspecify.annotations.NullMarked;
