/** A small chat. */
@NullMarked
package dev.realtime.sample;

import org.jspecify.annotations.NullMarked;
