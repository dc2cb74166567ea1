package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that renews a subscription on expiry, without involving the client. Subscriptions whose client renews them
 * with a token are excluded.
 *
 * <p>Returns the new expiry time as an {@link java.time.Instant} or in a {@link RefreshReply}; an empty result ends the
 * subscription.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnSubscriptionRefresh {

    /**
     * Channels that the method handles, as a pattern over the whole name: {@code {room}} matches one or more characters
     * other than a colon, {@code {room:[a-z]+}} matches the expression, and {@code {*rest}} at the end matches the
     * remainder. If several patterns match a channel, only the method with the most specific one is called.
     *
     * @return a pattern such as {@code chat:{room}}; not empty
     */
    String value();
}
