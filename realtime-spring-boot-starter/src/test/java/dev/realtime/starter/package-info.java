/** What the starter does to an application, on exactly the dependencies it brings. */
@NullMarked
package dev.realtime.starter;

import org.jspecify.annotations.NullMarked;
