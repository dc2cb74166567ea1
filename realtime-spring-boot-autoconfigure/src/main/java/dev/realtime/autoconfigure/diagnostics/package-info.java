/** Internal: explanations of failed starts for operators; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;
