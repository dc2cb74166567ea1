package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that is notified of clients that left channels, on their own request, the server's, or the end of the connection. Any
 * number per channel pattern. Called after the fact and at most once, so it returns nothing and need not be fast.
 *
 * <p>May take the {@link dev.realtime.api.client.Unsubscribe} that says why.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnUnsubscribe {

    /**
     * Channels it is about: a name in which {@code {room}} stands for one or more characters other than a colon,
     * {@code {room:[a-z]+}} for what the expression matches, and {@code {*rest}} at the end for everything that
     * follows. Of several patterns that match a channel the most specific wins.
     */
    String value();
}
