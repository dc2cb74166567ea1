package dev.realtime.handler.security;

import dev.realtime.handler.declaration.HandlerResult;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.handler.invocation.BeanMethod;
import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.RolesAllowed;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.TargetSource;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.KotlinDetector;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.security.access.annotation.Secured;
import org.springframework.security.access.prepost.PostAuthorize;
import org.springframework.security.access.prepost.PostFilter;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.access.prepost.PreFilter;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Check that a security annotation on a handler method is enforced. Spring ignores an annotation without an
 * interceptor, and an interceptor may not fit the return type of the method; both stop the application.
 *
 * <p>An interceptor of a bean enforces an annotation if its pointcut matches the method, matches a probe that has the
 * annotation and nothing else, and does not match the same probe without it. So any kind of interceptor is recognized,
 * and one that merely logs does not count. Loads without Spring Security: annotations whose classes are missing are
 * absent, on handlers as well as on probes.
 */
public final class MethodSecurity {

    /** Aspects woven into the classes enforce without a proxy, which this check cannot detect. */
    private static final boolean WOVEN = ClassUtils.isPresent(
            "org.springframework.security.authorization.method.aspectj.PreAuthorizeAspect",
            MethodSecurity.class.getClassLoader());

    /** Bean of {@code @EnableReactiveMethodSecurity}, whose interceptors do not show that they are reactive. */
    private static final String REACTIVE = "_reactiveMethodSecurityConfiguration";

    private static final String PRE_POST = "org.springframework.security.access.prepost.";

    private static final String JSR_250 = "jakarta.annotation.security.";

    /** Annotations that exclude each other, so that one on the method replaces one on the class. */
    private static final List<String> ROLES =
            List.of(JSR_250 + "RolesAllowed", JSR_250 + "DenyAll", JSR_250 + "PermitAll");

    private static final List<Rule> RULES = rules();

    private MethodSecurity() {}

    /** A method for each annotation, and one without any. */
    @SuppressWarnings("unused")
    private static final class Probes {

        void plain() {}

        @PreAuthorize("denyAll")
        void preAuthorize() {}

        @PostAuthorize("denyAll")
        void postAuthorize() {}

        @PreFilter("false")
        void preFilter() {}

        @PostFilter("false")
        void postFilter() {}

        @Secured("NOBODY")
        void secured() {}

        @RolesAllowed("NOBODY")
        void rolesAllowed() {}

        @DenyAll
        void denyAll() {}
    }

    /**
     * A security annotation.
     *
     * @param annotation name of its type
     * @param enabledBy the annotation that enables its enforcement
     * @param onResult whether it decides about the result
     */
    private record Rule(String annotation, Method probe, String enabledBy, boolean onResult) {

        String shown() {
            return "@" + ClassUtils.getShortName(annotation);
        }
    }

    private static List<Rule> rules() {
        String enable = "@EnableMethodSecurity";
        return List.of(
                new Rule(PRE_POST + "PreAuthorize", probe("preAuthorize"), enable, false),
                new Rule(PRE_POST + "PostAuthorize", probe("postAuthorize"), enable, true),
                new Rule(PRE_POST + "PreFilter", probe("preFilter"), enable, false),
                new Rule(PRE_POST + "PostFilter", probe("postFilter"), enable, true),
                new Rule(
                        "org.springframework.security.access.annotation.Secured",
                        probe("secured"),
                        enable + "(securedEnabled = true)",
                        false),
                new Rule(JSR_250 + "RolesAllowed", probe("rolesAllowed"), enable + "(jsr250Enabled = true)", false),
                new Rule(JSR_250 + "DenyAll", probe("denyAll"), enable + "(jsr250Enabled = true)", false));
    }

    private static Method probe(String name) {
        return Objects.requireNonNull(ReflectionUtils.findMethod(Probes.class, name));
    }

    /** @throws InvalidHandlerException if a security annotation of the method or its class would not be enforced */
    public static void check(BeanMethod handler, BeanFactory beans) {
        Object bean = handler.bean().get();
        Class<?> type = targetClass(bean);
        List<Rule> rules = RULES.stream()
                .filter(rule -> isOn(handler.method(), type, rule.annotation()))
                .toList();
        if (rules.isEmpty() || WOVEN || AopUtils.isAopProxy(bean) && !(bean instanceof Advised)) {
            return;
        }
        List<PointcutAdvisor> advisors = advisors(bean);
        for (Rule rule : rules) {
            PointcutAdvisor enforcing = advisors.stream()
                    .filter(advisor -> enforces(advisor.getPointcut(), handler.method(), type, rule))
                    .findFirst()
                    .orElse(null);
            if (enforcing == null || AopUtils.isCglibProxy(bean) && isFinal(handler.method())) {
                throw notEnforced(handler.method(), rule, enforcing != null);
            }
            boolean reactive = isReactive(enforcing.getAdvice(), rule, beans);
            if (reactive && !isReactive(handler.method())) {
                throw new InvalidHandlerException(
                        handler.method(),
                        ("carries %s, which @EnableReactiveMethodSecurity enforces for methods that return a Mono or a"
                                        + " Flux only, so every call would fail.")
                                .formatted(rule.shown()),
                        "Replace it with @EnableMethodSecurity, which serves blocking and reactive handlers, or return"
                                + " a Mono.");
            } else if (!reactive && rule.onResult() && handler.result().style() != HandlerResult.Style.BLOCKING) {
                throw new InvalidHandlerException(
                        handler.method(),
                        "carries %s, which @EnableMethodSecurity would apply to the %s instead of its value."
                                .formatted(
                                        rule.shown(),
                                        handler.method().getReturnType().getSimpleName()),
                        "Return the value itself, or use @EnableReactiveMethodSecurity.");
            }
        }
    }

    private static boolean isReactive(Advice advice, Rule rule, BeanFactory beans) {
        String type = advice.getClass().getSimpleName();
        return type.contains("Reactive")
                || type.startsWith("Deferring")
                        && rule.annotation().startsWith(PRE_POST)
                        && beans.containsBean(REACTIVE);
    }

    private static InvalidHandlerException notEnforced(Method method, Rule rule, boolean isFinal) {
        String why = "carries %s, which is not enforced, so every client could call it.".formatted(rule.shown());
        return isFinal
                ? new InvalidHandlerException(method, why, "Do not make it final: a proxy cannot intercept it.")
                : new InvalidHandlerException(
                        method,
                        why,
                        ("Add %s to a configuration class. If it is there, the bean was created too early to be"
                                        + " advised, because a BeanPostProcessor depends on it.")
                                .formatted(rule.enabledBy()));
    }

    /** Returns whether a method carries an annotation: itself, on an interface or on its class. */
    private static boolean isOn(Method method, Class<?> type, String annotation) {
        MergedAnnotations onMethod = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
        if (onMethod.isPresent(annotation)) {
            return true;
        }
        boolean replaced = ROLES.contains(annotation) && ROLES.stream().anyMatch(onMethod::isPresent);
        return !replaced
                && Stream.of(type, method.getDeclaringClass())
                        .anyMatch(declaring -> MergedAnnotations.from(declaring, SearchStrategy.TYPE_HIERARCHY)
                                .isPresent(annotation));
    }

    /** Returns the class of a bean behind all its proxies. */
    static Class<?> targetClass(Object bean) {
        return ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(bean));
    }

    /** Returns all advisors of the bean, including those of a proxy inside a proxy. */
    static List<PointcutAdvisor> advisors(@Nullable Object bean) {
        List<PointcutAdvisor> advisors = new ArrayList<>();
        for (Object proxy = bean; proxy instanceof Advised advised; proxy = target(advised)) {
            for (Advisor advisor : advised.getAdvisors()) {
                if (advisor instanceof PointcutAdvisor one) {
                    advisors.add(one);
                }
            }
        }
        return advisors;
    }

    /** Returns the current target of a proxy, which may be scoped; {@code null} for none. */
    private static @Nullable Object target(Advised proxy) {
        TargetSource source = proxy.getTargetSource();
        try {
            Object target = source.getTarget();
            if (target != null && !source.isStatic()) {
                source.releaseTarget(target);
            }
            return target;
        } catch (Exception scopeIsNotActive) {
            return null;
        }
    }

    private static boolean enforces(Pointcut pointcut, Method method, Class<?> type, Rule rule) {
        return matches(pointcut, method, type)
                && matches(pointcut, rule.probe(), Probes.class)
                && !matches(pointcut, probe("plain"), Probes.class);
    }

    private static boolean matches(Pointcut pointcut, Method method, Class<?> type) {
        return pointcut.getClassFilter().matches(type)
                && pointcut.getMethodMatcher().matches(method, type);
    }

    private static boolean isFinal(Method method) {
        return Modifier.isFinal(method.getModifiers());
    }

    private static boolean isReactive(Method method) {
        return Publisher.class.isAssignableFrom(method.getReturnType())
                || KotlinDetector.isSuspendingFunction(method)
                || method.getReturnType().getName().equals("kotlinx.coroutines.flow.Flow");
    }
}
