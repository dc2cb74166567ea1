/** Publishing after the commit of real transactions on a real database. */
@NullMarked
package dev.realtime.transaction;

import org.jspecify.annotations.NullMarked;
