package dev.realtime.handler;

import java.lang.reflect.Method;
import java.security.Principal;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;

/** Parameters marked with Spring Security's {@code @AuthenticationPrincipal}. Loaded only where that is on the class path. */
final class AuthenticatedPrincipal {

    private AuthenticatedPrincipal() {}

    static boolean isWanted(MethodParameter parameter) {
        return AnnotatedElementUtils.hasAnnotation(parameter.getParameter(), AuthenticationPrincipal.class);
    }

    /** The principal inside the authentication; {@code null} if there is none of the type. */
    static HandlerArgument argument(MethodParameter parameter, Method method) {
        AuthenticationPrincipal annotation =
                AnnotatedElementUtils.findMergedAnnotation(parameter.getParameter(), AuthenticationPrincipal.class);
        if (annotation != null && !annotation.expression().isEmpty()) {
            throw new InvalidHandlerException(
                    method,
                    "has an @AuthenticationPrincipal with an expression, which is not evaluated here.",
                    "Take the principal as it is, and ask it in the method.");
        }
        Class<?> type = parameter.getParameterType();
        return call -> {
            Principal principal = call.principal();
            Object inner =
                    principal instanceof Authentication authentication ? authentication.getPrincipal() : principal;
            return type.isInstance(inner) ? inner : null;
        };
    }
}
