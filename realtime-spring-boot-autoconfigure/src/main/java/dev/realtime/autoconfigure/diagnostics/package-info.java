/** Explanations of failed starts for operators. */
@NullMarked
package dev.realtime.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;
