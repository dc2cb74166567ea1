/** The Protobuf encoding of the client protocol. */
@NullMarked
package dev.realtime.protocol.protobuf;

import org.jspecify.annotations.NullMarked;
