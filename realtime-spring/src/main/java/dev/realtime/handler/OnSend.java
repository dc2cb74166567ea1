package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method for one-way messages, which clients send with {@code send}. An application has at most one; without it,
 * senders are disconnected with code 3508. Returns nothing, since there is no reply.
 *
 * @see <a href="https://centrifugal.dev/docs/transports/client_protocol#send">Send command</a>
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnSend {}
