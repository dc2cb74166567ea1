/** Internal: publications, history and presence of one channel, with all checks, for beans and commands. */
@NullMarked
package dev.realtime.operation;

import org.jspecify.annotations.NullMarked;
