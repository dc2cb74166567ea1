/** The blocking facade: waiting, its limit, its refusals. */
@NullMarked
package dev.realtime.template;

import org.jspecify.annotations.NullMarked;
