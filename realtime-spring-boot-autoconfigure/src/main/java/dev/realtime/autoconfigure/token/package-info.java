/** Internal: verification and issue of tokens; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.token;

import org.jspecify.annotations.NullMarked;
