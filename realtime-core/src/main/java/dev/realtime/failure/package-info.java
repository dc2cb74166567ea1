/** The boundary at which a failure stays where it happens. */
@NullMarked
package dev.realtime.failure;

import org.jspecify.annotations.NullMarked;
