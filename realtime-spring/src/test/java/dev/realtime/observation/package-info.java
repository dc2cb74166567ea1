/** Tests of the observations of publishing. */
@NullMarked
package dev.realtime.observation;

import org.jspecify.annotations.NullMarked;
