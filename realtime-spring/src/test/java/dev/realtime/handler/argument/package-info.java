/** Tests of package {@code dev.realtime.handler.argument}. */
@NullMarked
package dev.realtime.handler.argument;

import org.jspecify.annotations.NullMarked;
