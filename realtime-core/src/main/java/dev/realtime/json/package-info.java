/** Reader and writer of JSON text (RFC 8259) that the protocol, tokens and the HTTP API share. */
@NullMarked
package dev.realtime.json;

import org.jspecify.annotations.NullMarked;
