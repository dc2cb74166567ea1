/** Test support for applications: clients, expectations, faults, the clock and the recorder of publications. */
@NullMarked
package dev.realtime.test;

import org.jspecify.annotations.NullMarked;
