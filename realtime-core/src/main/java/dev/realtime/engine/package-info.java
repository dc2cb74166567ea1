/** What an engine must do: move publications between nodes, keep history, know who is present, carry node commands. */
@NullMarked
package dev.realtime.engine;

import org.jspecify.annotations.NullMarked;
