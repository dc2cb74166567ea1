package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that decides whether a client may subscribe to a channel. Called for channels that are neither private nor
 * limited to users. Where a method matches, authorizers and the options of the namespace are not used.
 *
 * <p>Returns a {@link SubscribeReply}, a {@code boolean} or a {@link dev.realtime.spi.auth.SubscriptionGrant};
 * {@code null} or an empty {@code Mono} denies with error 103. A {@code Flux} permits: its elements are published to
 * this subscriber alone until it unsubscribes. Any other return type, including {@code void}, stops the application at
 * start-up.
 *
 * @see <a href="https://centrifugal.dev/docs/transports/client_protocol#subscribe">Subscribe command</a>
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnSubscribe {

    /**
     * Channels that the method handles, as a pattern over the whole name: {@code {room}} matches one or more characters
     * other than a colon, {@code {room:[a-z]+}} matches the expression, and {@code {*rest}} at the end matches the
     * remainder. If several patterns match a channel, only the method with the most specific one is called.
     *
     * @return a pattern such as {@code chat:{room}}; not empty
     */
    String value();
}
