/** Issuing of connection and subscription tokens. */
@NullMarked
package dev.realtime.api.token;

import org.jspecify.annotations.NullMarked;
