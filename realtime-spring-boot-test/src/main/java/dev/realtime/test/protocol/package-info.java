/** Internal: protocol of the client with commands and replies as JSON trees; no compatibility promise. */
@NullMarked
package dev.realtime.test.protocol;

import org.jspecify.annotations.NullMarked;
