/** Publishing after the commit of a transaction. */
@NullMarked
package dev.realtime.autoconfigure.transaction;

import org.jspecify.annotations.NullMarked;
