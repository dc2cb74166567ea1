/** What operators see of the node: health, info and meters. */
@NullMarked
package dev.realtime.actuate;

import org.jspecify.annotations.NullMarked;
