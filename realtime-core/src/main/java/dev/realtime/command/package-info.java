/** Internal: one handler for each command of a client. */
@NullMarked
package dev.realtime.command;

import org.jspecify.annotations.NullMarked;
