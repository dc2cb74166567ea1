package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that decides whether a client may publish into a channel, and may change the publication. Where a method
 * matches, authorizers and the options of the namespace are not used. A payload marked with {@code @Valid} is validated
 * first; violations are error 107.
 *
 * <p>Returns a {@link PublishReply}, which may replace the data, or a {@code boolean}; {@code null} or an empty
 * {@code Mono} denies with error 103. Any other return type, including {@code void}, stops the application at start-up.
 *
 * @see <a href="https://centrifugal.dev/docs/transports/client_protocol#publish">Publish command</a>
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnPublish {

    /**
     * Channels that the method handles, as a pattern over the whole name: {@code {room}} matches one or more characters
     * other than a colon, {@code {room:[a-z]+}} matches the expression, and {@code {*rest}} at the end matches the
     * remainder. If several patterns match a channel, only the method with the most specific one is called.
     *
     * @return a pattern such as {@code chat:{room}}; not empty
     */
    String value();
}
