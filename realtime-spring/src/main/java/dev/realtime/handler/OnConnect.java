package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that identifies a connecting client. An application has at most one. It is not called for clients that bring a
 * token if tokens are verified.
 *
 * <p>Returns the user id, a {@link ConnectReply} or an {@link dev.realtime.spi.auth.Authentication}. An empty result
 * refuses the client, like one without credentials, with code 3501. The method may take a
 * {@link dev.realtime.api.client.ConnectContext}, the {@link java.security.Principal} of the HTTP request, and the data
 * of the connect command as payload.
 *
 * @see <a href="https://centrifugal.dev/docs/transports/client_protocol#connect">Connect command</a>
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnConnect {}
