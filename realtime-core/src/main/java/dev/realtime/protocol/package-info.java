/** The client protocol: its messages, codes and the contract of the two encodings. */
@NullMarked
package dev.realtime.protocol;

import org.jspecify.annotations.NullMarked;
