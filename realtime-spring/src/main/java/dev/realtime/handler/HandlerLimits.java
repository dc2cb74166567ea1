package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits of a handler method that differ from those of the others; on a class, those of each of its handler methods.
 * What is left out is as the class says, else as the properties say. All values may be placeholders, such as
 * {@code ${app.report.timeout:10s}}.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface HandlerLimits {

    /**
     * Time that a call may take, with the time it waits for others: {@code 500ms}, {@code 2s}, or in the form of ISO
     * 8601. Longer than zero. {@code realtime.client.handler-timeout} if empty; may be longer than that.
     */
    String timeout() default "";

    /** Most calls of the method at one time, at least 1; {@code realtime.handlers.concurrency} if empty. */
    String concurrency() default "";

    /** Most calls of the method that wait, 0 for none; {@code realtime.handlers.queue-size} if empty. */
    String queueSize() default "";
}
