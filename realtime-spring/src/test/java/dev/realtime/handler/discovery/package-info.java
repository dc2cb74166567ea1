/** Tests of package {@code dev.realtime.handler.discovery}. */
@NullMarked
package dev.realtime.handler.discovery;

import org.jspecify.annotations.NullMarked;
