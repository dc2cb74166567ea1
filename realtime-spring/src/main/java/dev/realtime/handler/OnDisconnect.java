package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that is notified of connected clients that have disconnected. There may be several. Called after the fact and at most once, so it
 * returns nothing and need not be fast.
 *
 * <p>May take the {@link dev.realtime.api.client.Disconnect} that says why.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnDisconnect {}
