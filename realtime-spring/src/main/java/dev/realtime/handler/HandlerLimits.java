package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits of a handler method that replace the common ones; on a class, of each of its handler methods. An empty limit
 * is taken from the class, or without one from the properties. All values may be placeholders, such as
 * {@code ${app.report.timeout:10s}}.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface HandlerLimits {

    /**
     * Time limit of a call, including the time it waits: {@code 500ms}, {@code 2s}, or an ISO 8601 duration. It may
     * exceed {@code realtime.client.handler-timeout}.
     *
     * @return a time above zero; {@code realtime.client.handler-timeout} if empty
     */
    String timeout() default "";

    /**
     * Maximum of concurrent calls.
     *
     * @return a number of at least 1; {@code realtime.handlers.concurrency} if empty
     */
    String concurrency() default "";

    /**
     * Maximum of waiting calls. Further calls fail with error 111.
     *
     * @return a number, 0 for none; {@code realtime.handlers.queue-size} if empty
     */
    String queueSize() default "";
}
