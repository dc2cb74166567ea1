/** Internal: the server HTTP API as web stacks call it, free of any web framework; no compatibility promise. */
@NullMarked
package dev.realtime.httpapi;

import org.jspecify.annotations.NullMarked;
