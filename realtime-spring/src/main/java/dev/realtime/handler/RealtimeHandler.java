package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Stereotype for beans with handler methods, such as {@link OnRpc} methods. It is found by component scanning; handler
 * methods of other beans are found as well.
 *
 * <p><strong>Parameters</strong> of handler methods may be:
 *
 * <ul>
 *   <li>{@link dev.realtime.api.client.ClientIdentity}, {@link java.security.Principal} or a subtype, or Spring
 *       Security's {@code @AuthenticationPrincipal}
 *   <li>{@link dev.realtime.api.channel.Channel} and {@link ChannelVariable}, where the method is for channels
 *   <li>{@link java.util.Locale}, and Spring Messaging's {@code @Header} and {@code @Headers} for the headers of the
 *       handshake
 *   <li>any type that a {@code HandlerMethodArgumentResolver} bean resolves, see {@link HandlerHeaders}
 *   <li>one payload: {@link dev.realtime.api.data.Payload} or {@code byte[]} as the client sent it, any other type read
 *       by the application's {@code JsonMapper}
 * </ul>
 *
 * <p>Constraints of Jakarta Validation on parameters are checked.
 *
 * <p><strong>Threads.</strong> A method that returns a {@code Mono}, {@code Flux}, {@code CompletionStage} or another
 * reactive type runs on an event loop and must not block. Other methods run on separate threads, which are virtual with
 * {@code spring.threads.virtual.enabled}.
 *
 * <p><strong>Limits.</strong> A call has the time limit {@code realtime.client.handler-timeout}. Each method has a
 * limit for concurrent and for waiting calls, {@code realtime.handlers.*}; further calls fail with error 111.
 * {@link HandlerLimits} replaces them for a method.
 *
 * <p><strong>Failures.</strong> A method marked with Spring Messaging's {@code @MessageExceptionHandler}, in the class
 * or in a {@code @ControllerAdvice} bean, handles exceptions. Otherwise a {@link HandlerException} determines the error
 * or disconnect, a denial by Spring Security is error 103, and any other exception is logged and is error 100.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Component
public @interface RealtimeHandler {

    /**
     * Name of the bean.
     *
     * @return the name; derived from the class name if empty
     */
    @AliasFor(annotation = Component.class)
    String value() default "";
}
