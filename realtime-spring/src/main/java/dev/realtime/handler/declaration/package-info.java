/** Internal: what the declaration of a handler method says, and what makes it invalid; no compatibility promise. */
@NullMarked
package dev.realtime.handler.declaration;

import org.jspecify.annotations.NullMarked;
