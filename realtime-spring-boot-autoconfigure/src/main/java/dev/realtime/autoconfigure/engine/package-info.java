/** Internal: the embedded engine, and checks that fit every engine; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.engine;

import org.jspecify.annotations.NullMarked;
