/** Puts the server together from {@code realtime.*} properties and the application's beans. */
@NullMarked
package dev.realtime.autoconfigure;

import org.jspecify.annotations.NullMarked;
