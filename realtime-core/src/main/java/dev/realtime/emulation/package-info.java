/** Internal: sessions of clients that post their commands apart from the stream that carries the replies. */
@NullMarked
package dev.realtime.emulation;

import org.jspecify.annotations.NullMarked;
