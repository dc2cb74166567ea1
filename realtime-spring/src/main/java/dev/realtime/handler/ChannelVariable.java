package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Parameter that takes a variable of the channel pattern, converted to its type by the application's conversion
 * service. If the text cannot be converted, the command fails with error 107.
 */
@Target({ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface ChannelVariable {

    /**
     * Name of the variable.
     *
     * @return the name; the name of the parameter if empty
     */
    String value() default "";
}
