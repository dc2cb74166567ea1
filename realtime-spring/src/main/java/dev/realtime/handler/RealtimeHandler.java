package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Bean with methods that take part in what clients do, such as {@link OnRpc}. Such methods are found on any bean; this
 * stereotype says what the class is for and has it found by component scanning.
 *
 * <p>Parameters of such methods may be: {@link dev.realtime.api.client.ClientIdentity}; {@link java.security.Principal}
 * or a subtype of it; Spring Security's {@code @AuthenticationPrincipal}; {@link dev.realtime.api.channel.Channel};
 * {@link ChannelVariable}; Spring Messaging's {@code @Header} and {@code @Headers} for the headers of the handshake;
 * {@link java.util.Locale}; what a {@code HandlerMethodArgumentResolver} bean resolves; and one more, which is the
 * payload: {@link dev.realtime.api.data.Payload} or {@code byte[]} as it was sent, anything else read by the
 * application's {@code JsonMapper}. Constraints of Jakarta Validation on parameters are checked.
 *
 * <p>A method that returns a {@code Mono}, {@code Flux}, {@code CompletionStage} or another reactive type runs on an
 * event loop and must not block it; all others run on threads of their own, virtual ones with
 * {@code spring.threads.virtual.enabled}. Each call has a time limit, {@code realtime.client.handler-timeout}; each
 * method has a bound on calls at one time and on calls that wait, {@code realtime.handlers.*}; what is over it is
 * refused with error 111. {@link HandlerLimits} has other limits for a method.
 *
 * <p>What a method throws is handled by a method marked with Spring Messaging's {@code @MessageExceptionHandler}, in
 * the class or in a {@code @ControllerAdvice} bean. Otherwise {@link HandlerException} says what the client gets; a
 * denial by Spring Security is error 103; anything else is error 100 and goes to the log.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Component
public @interface RealtimeHandler {

    /** Name of the bean, made of the class name if empty. */
    @AliasFor(annotation = Component.class)
    String value() default "";
}
