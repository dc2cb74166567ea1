package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that determines the identity of a connecting client. There can be one. It is not called for clients that bring a token
 * where something verifies tokens.
 *
 * <p>Returns the user id, a {@link ConnectReply} or an {@link dev.realtime.spi.auth.Authentication}; nothing refuses
 * the client as one without credentials (3501). May take a {@link dev.realtime.api.client.ConnectContext}, the
 * {@link java.security.Principal} of the HTTP request, and the data of the connect command.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnConnect {}
