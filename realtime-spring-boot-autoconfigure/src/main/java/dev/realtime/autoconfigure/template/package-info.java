/** Internal: the blocking facade over the server; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.template;

import org.jspecify.annotations.NullMarked;
