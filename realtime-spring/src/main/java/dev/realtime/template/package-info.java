/** Blocking facade over publishing, channels, presence and clients. */
@NullMarked
package dev.realtime.template;

import org.jspecify.annotations.NullMarked;
