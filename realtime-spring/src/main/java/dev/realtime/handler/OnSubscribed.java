package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that is notified of clients that are now in channels, by their own subscribe command or by the server. Any
 * number per channel pattern. Called after the fact and at most once, so it returns nothing, decides nothing and need
 * not be fast. {@link OnSubscribe} decides.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnSubscribed {

    /**
     * Channels it is about: a name in which {@code {room}} stands for one or more characters other than a colon,
     * {@code {room:[a-z]+}} for what the expression matches, and {@code {*rest}} at the end for everything that
     * follows.
     */
    String value();
}
