/** The simple STOMP broker of Spring, as a server to compare with. */
@NullMarked
package dev.realtime.benchmarks.stomp;

import org.jspecify.annotations.NullMarked;
