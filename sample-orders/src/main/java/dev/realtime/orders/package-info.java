/**
 * Small order board with Spring MVC: form log-in, sessions, JPA, and a page that is live.
 */
@NullMarked
package dev.realtime.orders;

import org.jspecify.annotations.NullMarked;
