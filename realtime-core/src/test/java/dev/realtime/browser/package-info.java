/** A browser as a server sees it. */
@NullMarked
package dev.realtime.browser;

import org.jspecify.annotations.NullMarked;
