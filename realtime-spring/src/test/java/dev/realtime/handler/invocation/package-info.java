/** Tests of package {@code dev.realtime.handler.invocation}. */
@NullMarked
package dev.realtime.handler.invocation;

import org.jspecify.annotations.NullMarked;
