package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that is notified after a client has left a channel: by its own command, by the server, or with the end of its
 * connection. An application may have several for a pattern. Called at most once for a subscription; it returns nothing
 * and does not delay the server.
 *
 * <p>The method may take the {@link dev.realtime.api.client.Unsubscribe} with the code and the reason.
 *
 * @see <a href="https://centrifugal.dev/docs/server/codes#unsubscribe-codes">Unsubscribe codes</a>
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnUnsubscribe {

    /**
     * Channels that the method handles, as a pattern over the whole name: {@code {room}} matches one or more characters
     * other than a colon, {@code {room:[a-z]+}} matches the expression, and {@code {*rest}} at the end matches the
     * remainder. All methods whose pattern matches a channel are called.
     *
     * @return a pattern such as {@code chat:{room}}; not empty
     */
    String value();
}
