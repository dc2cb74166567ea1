/** Internal: beans that do nothing, where the server is disabled; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.disabled;

import org.jspecify.annotations.NullMarked;
