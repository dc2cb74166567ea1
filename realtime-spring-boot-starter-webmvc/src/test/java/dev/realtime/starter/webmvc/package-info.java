/** The starter in applications with Spring MVC, on exactly the dependencies that it brings. */
@NullMarked
package dev.realtime.starter.webmvc;

import org.jspecify.annotations.NullMarked;
