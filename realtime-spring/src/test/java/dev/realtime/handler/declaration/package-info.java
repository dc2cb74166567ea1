/** Tests of package {@code dev.realtime.handler.declaration}. */
@NullMarked
package dev.realtime.handler.declaration;

import org.jspecify.annotations.NullMarked;
