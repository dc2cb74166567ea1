/** What tests of an application use: clients, expectations, faults, the clock and the recorder of publications. */
@NullMarked
package dev.realtime.test;

import org.jspecify.annotations.NullMarked;
