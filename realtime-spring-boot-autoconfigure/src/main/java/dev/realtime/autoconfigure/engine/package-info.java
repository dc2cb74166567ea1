/** The embedded engine, and checks that fit every engine. */
@NullMarked
package dev.realtime.autoconfigure.engine;

import org.jspecify.annotations.NullMarked;
