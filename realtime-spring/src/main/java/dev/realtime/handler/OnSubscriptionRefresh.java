package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that renews subscriptions when their end has come, unseen by the client. Subscriptions whose client renews
 * them with a token are left to the client.
 *
 * <p>Returns the new end as an {@link java.time.Instant} or in a {@link RefreshReply}; nothing ends the subscription.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnSubscriptionRefresh {

    /**
     * Channels it is about: a name in which {@code {room}} stands for one or more characters other than a colon,
     * {@code {room:[a-z]+}} for what the expression matches, and {@code {*rest}} at the end for everything that
     * follows. Of several patterns that match a channel the most specific wins.
     */
    String value();
}
