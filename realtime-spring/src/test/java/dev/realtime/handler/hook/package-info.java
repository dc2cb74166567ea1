/** Tests of package {@code dev.realtime.handler.hook}. */
@NullMarked
package dev.realtime.handler.hook;

import org.jspecify.annotations.NullMarked;
