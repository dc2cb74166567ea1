/** The client's side of the protocol: commands and replies as JSON trees, whatever the encoding. */
@NullMarked
package dev.realtime.test.protocol;

import org.jspecify.annotations.NullMarked;
