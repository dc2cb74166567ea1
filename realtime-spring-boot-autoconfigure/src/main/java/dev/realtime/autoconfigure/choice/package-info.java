/**
 * Internal: choices between beans that properties make at the start, also after ahead-of-time processing; no
 * compatibility promise.
 */
@NullMarked
package dev.realtime.autoconfigure.choice;

import org.jspecify.annotations.NullMarked;
