/** Health, info, meters and the endpoint of the node for operators. */
@NullMarked
package dev.realtime.actuate;

import org.jspecify.annotations.NullMarked;
