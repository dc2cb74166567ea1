/** The JSON encoding of the client protocol. */
@NullMarked
package dev.realtime.protocol.json;

import org.jspecify.annotations.NullMarked;
