/** The blocking facade over the server. */
@NullMarked
package dev.realtime.autoconfigure.template;

import org.jspecify.annotations.NullMarked;
