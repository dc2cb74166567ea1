package dev.realtime.handler.security;

import dev.realtime.handler.argument.HandlerCall;
import dev.realtime.handler.invocation.BeanMethod;
import dev.realtime.handler.invocation.CallerIdentity;
import dev.realtime.handler.invocation.HandlerFailure;
import java.security.Principal;
import java.util.List;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.aop.Advisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authorization.method.AuthorizationAdvisor;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.util.SimpleMethodInvocation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * User of the client as an authentication of Spring Security. The security context is on the thread during a call, and
 * in the Reactor context of its result, so that method security of both kinds applies. Loaded only where Spring
 * Security is on the class path.
 *
 * <p>The authentication is that of the HTTP request. A client that was identified by other means, such as a token, is a
 * user without authorities; a client without identity is anonymous.
 */
public final class SecuredIdentity extends CallerIdentity {

    private final SecurityContextHolderStrategy holder;

    private SecuredIdentity(SecurityContextHolderStrategy holder) {
        this.holder = holder;
    }

    /** Returns the identity for the strategy bean of the application, or without one for that of Spring Security. */
    public static SecuredIdentity of(BeanFactory beans) {
        return new SecuredIdentity(beans.getBeanProvider(SecurityContextHolderStrategy.class)
                .getIfAvailable(SecurityContextHolder::getContextHolderStrategy));
    }

    @Override
    @Nullable
    public Object invoke(BeanMethod method, HandlerCall call) {
        return asUser(call, () -> super.invoke(method, call));
    }

    private <T extends @Nullable Object> T asUser(HandlerCall call, Supplier<T> action) {
        SecurityContext before = holder.getContext();
        holder.setContext(new SecurityContextImpl(authentication(call)));
        try {
            return action.get();
        } finally {
            if (before.getAuthentication() == null) {
                holder.clearContext();
            } else {
                holder.setContext(before);
            }
        }
    }

    @Override
    public Principal principal(String userId, @Nullable Principal principal, List<String> authorities) {
        return UsernamePasswordAuthenticationToken.authenticated(
                principal == null ? userId : principal, null, AuthorityUtils.createAuthorityList(authorities));
    }

    @Override
    protected <T> Mono<T> identified(HandlerCall call, Mono<T> result) {
        // Directly: Mono.from would cancel the result when its value is there.
        return Mono.<T>fromDirect(subscribedAsUser(call, result))
                .contextWrite(ReactiveSecurityContextHolder.withAuthentication(authentication(call)));
    }

    @Override
    protected Publisher<?> identified(HandlerCall call, Publisher<?> feed) {
        return Flux.from(subscribedAsUser(call, feed))
                .contextWrite(ReactiveSecurityContextHolder.withAuthentication(authentication(call)));
    }

    /** Subscribes as the user: a suspending function and its interceptors are called only on subscription. */
    private <T> Publisher<T> subscribedAsUser(HandlerCall call, Publisher<T> result) {
        return subscriber -> asUser(call, () -> {
            result.subscribe(subscriber);
            return null;
        });
    }

    /**
     * Reactive method security decides about a {@code Flux} on subscription, which is after the reply to the subscribe
     * command. So its interceptors are called beforehand, with an invocation that does nothing.
     */
    @Override
    protected Mono<Void> permitsFeed(BeanMethod method, HandlerCall call) {
        Object bean = method.bean().get();
        Class<?> type = MethodSecurity.targetClass(bean);
        List<AuthorizationAdvisor> interceptors = MethodSecurity.advisors(bean).stream()
                .map(Advisor::getAdvice)
                .filter(AuthorizationAdvisor.class::isInstance)
                .map(AuthorizationAdvisor.class::cast)
                .filter(interceptor -> AopUtils.canApply(interceptor.getPointcut(), type)
                        && interceptor.getPointcut().getMethodMatcher().matches(method.method(), type))
                .toList();
        return interceptors.isEmpty()
                ? Mono.empty()
                : identified(call, Mono.defer(() -> permitted(interceptors, method, call)));
    }

    private Mono<Void> permitted(List<AuthorizationAdvisor> interceptors, BeanMethod method, HandlerCall call) {
        MethodInvocation probe = new ProbeInvocation(method, call);
        return Flux.fromIterable(interceptors)
                .concatMap(interceptor -> asUser(call, () -> decision(interceptor, probe)))
                .then();
    }

    private static Publisher<?> decision(AuthorizationAdvisor interceptor, MethodInvocation probe) {
        try {
            Object decided = interceptor.invoke(probe);
            ReactiveAdapter adapter =
                    ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, decided);
            return adapter == null ? Flux.empty() : adapter.toPublisher(decided);
        } catch (Throwable failure) {
            throw HandlerFailure.signallable(failure);
        }
    }

    /** Invocation that interceptors permit or deny, and that does nothing if permitted. */
    private static final class ProbeInvocation extends SimpleMethodInvocation {

        ProbeInvocation(BeanMethod method, HandlerCall call) {
            super(method.bean().get(), method.method(), method.parameters().values(call));
        }

        /** Returns an empty feed of the declared type, since interceptors may convert it. */
        @Override
        public Object proceed() {
            ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance()
                    .getAdapter(getMethod().getReturnType());
            return adapter == null ? Flux.empty() : adapter.fromPublisher(Flux.empty());
        }
    }

    private static Authentication authentication(HandlerCall call) {
        if (call.principal() instanceof Authentication authentication) {
            return authentication;
        }
        String user = call.principal() == null
                ? call.client().userId()
                : String.valueOf(call.principal().getName());
        return user.isEmpty()
                ? new AnonymousAuthenticationToken(
                        "realtime", "anonymousUser", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"))
                : UsernamePasswordAuthenticationToken.authenticated(user, null, AuthorityUtils.NO_AUTHORITIES);
    }
}
