/** Verification and issue of tokens. */
@NullMarked
package dev.realtime.autoconfigure.token;

import org.jspecify.annotations.NullMarked;
