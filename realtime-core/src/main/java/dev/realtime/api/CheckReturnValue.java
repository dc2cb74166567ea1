package dev.realtime.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Mark on methods whose result must be used: nothing happens before the publisher that they return is subscribed to. On
 * a type it means all its methods. Error Prone, SpotBugs and IDEs know annotations of this name.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.CLASS)
public @interface CheckReturnValue {}
