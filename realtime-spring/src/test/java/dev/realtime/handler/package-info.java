/** Handler methods, called by clients over real sockets and one rule at a time. */
@NullMarked
package dev.realtime.handler;

import org.jspecify.annotations.NullMarked;
