package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that renews connections when their end has come, unseen by the client. There can be one. Connections whose
 * client renews them with a token are left to the client.
 *
 * <p>Returns the new end as an {@link java.time.Instant} or in a {@link RefreshReply}; nothing lets the connection end
 * with 3005.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnRefresh {}
