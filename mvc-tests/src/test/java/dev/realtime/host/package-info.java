/** A usual application with Spring MVC, before and after it has the starter. */
@NullMarked
package dev.realtime.host;

import org.jspecify.annotations.NullMarked;
