package dev.realtime.handler.argument;

import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.ClassUtils;

/**
 * Parameters marked with Spring Security's {@code @AuthenticationPrincipal}. Loaded only where that is on the class
 * path.
 */
final class AuthenticatedPrincipal {

    private AuthenticatedPrincipal() {}

    static boolean isWanted(MergedAnnotations annotations) {
        return annotations.isPresent(AuthenticationPrincipal.class);
    }

    /**
     * Returns the principal inside the authentication, or the value of the expression; {@code null} if it is of another
     * type.
     */
    static HandlerArgument argument(MethodParameter parameter, MergedAnnotations annotations, BeanFactory beans) {
        MergedAnnotation<AuthenticationPrincipal> annotation = annotations.get(AuthenticationPrincipal.class);
        String written = annotation.getString("expression");
        Expression expression = written.isEmpty() ? null : new SpelExpressionParser().parseExpression(written);
        boolean strict = annotation.getBoolean("errorOnInvalidType");
        Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(parameter.getParameterType());
        return call -> {
            Object inner = inner(call.principal());
            if (expression != null && inner != null) {
                inner = evaluate(expression, inner, beans);
            }
            if (inner != null && !type.isInstance(inner) && strict) {
                throw new ClassCastException(
                        "The principal is a " + inner.getClass().getName() + ", not a " + type.getName());
            }
            return type.isInstance(inner) ? inner : null;
        };
    }

    private static @Nullable Object inner(@Nullable Principal principal) {
        return principal instanceof Authentication authentication ? authentication.getPrincipal() : principal;
    }

    private static @Nullable Object evaluate(Expression expression, Object principal, BeanFactory beans) {
        StandardEvaluationContext context = new StandardEvaluationContext(principal);
        context.setVariable("this", principal);
        context.setBeanResolver(new BeanFactoryResolver(beans));
        return expression.getValue(context);
    }
}
