/** The server that load is put on, as a Spring MVC application. */
@NullMarked
package dev.realtime.benchmarks.webmvc;

import org.jspecify.annotations.NullMarked;
