package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that authorizes subscriptions to channels. Called for channels that are neither
 * private nor limited to users, before authorizers and the options of the namespace; where it decides, they are not
 * asked.
 *
 * <p>Returns a decision: a {@link SubscribeReply}, a {@code boolean}, or a
 * {@link dev.realtime.spi.auth.SubscriptionGrant}; {@code null} or an empty {@code Mono} denies (103). A {@code Flux}
 * permits, and its elements are published to this subscriber alone until it unsubscribes. Any other return type,
 * {@code void} included, is refused at start-up.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnSubscribe {

    /**
     * Channels it is about: a name in which {@code {room}} stands for one or more characters other than a colon,
     * {@code {room:[a-z]+}} for what the expression matches, and {@code {*rest}} at the end for everything that
     * follows. Of several patterns that match a channel the most specific wins.
     */
    String value();
}
