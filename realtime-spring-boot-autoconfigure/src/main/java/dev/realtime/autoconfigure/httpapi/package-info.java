/** Internal: the HTTP API for other servers; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.httpapi;

import org.jspecify.annotations.NullMarked;
