package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that supplies the state of a channel in recovery mode {@code cache} for which no publication is kept, when a
 * client asks for the latest. Clients of a node that ask for the same channel at the same time share one call. It runs
 * on behalf of none of them: it takes the {@link dev.realtime.api.channel.Channel} and {@link ChannelVariable}s only,
 * and with Spring Security it is anonymous.
 *
 * <p>Returns the data, which is published to the channel unless something was published meanwhile; {@link PublishReply}
 * adds options. {@code null}, an empty {@code Mono} and {@code void} publish nothing, for a method that has published
 * itself or has no state. After a failure, or if it takes too long, clients are subscribed without a publication.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnCacheEmpty {

    /**
     * Channels that the method handles, as a pattern over the whole name: {@code {room}} matches one or more characters
     * other than a colon, {@code {room:[a-z]+}} matches the expression, and {@code {*rest}} at the end matches the
     * remainder. If several patterns match a channel, only the method with the most specific one is called.
     *
     * @return a pattern such as {@code price:{symbol}}; not empty
     */
    String value();
}
