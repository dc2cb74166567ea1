/** Conversion of the application's objects to JSON and back. */
@NullMarked
package dev.realtime.autoconfigure.payload;

import org.jspecify.annotations.NullMarked;
