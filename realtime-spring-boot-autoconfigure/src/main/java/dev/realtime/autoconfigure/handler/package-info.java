/** Handler methods of the application. */
@NullMarked
package dev.realtime.autoconfigure.handler;

import org.jspecify.annotations.NullMarked;
