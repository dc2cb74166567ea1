package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that clients call by name. Returns the result, or nothing. A payload marked with {@code @Valid} is validated
 * first; violations are error 107.
 *
 * @see <a href="https://centrifugal.dev/docs/transports/client_protocol#rpc">RPC command</a>
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnRpc {

    /**
     * Name that clients call, unique in the application.
     *
     * @return the name; the name of the method if empty
     */
    String value() default "";
}
