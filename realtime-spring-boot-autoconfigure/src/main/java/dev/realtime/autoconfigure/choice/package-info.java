/** Choices between beans that properties make when the application starts, also one processed ahead of time. */
@NullMarked
package dev.realtime.autoconfigure.choice;

import org.jspecify.annotations.NullMarked;
