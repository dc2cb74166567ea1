package dev.realtime.handler.declaration;

import dev.realtime.handler.ConnectReply;
import dev.realtime.handler.PublishReply;
import dev.realtime.handler.RefreshReply;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/**
 * Result type of a handler method, determined at start-up from its declaration. A method that decides must return a
 * decision: any other type is refused, so that no method permits by accident.
 *
 * @param style blocking, single or many results
 * @param adapter to Reactive Streams; {@code null} for a method that returns the result itself
 * @param type of the value, or of one element if there are many
 */
public record HandlerResult(Style style, @Nullable ReactiveAdapter adapter, Class<?> type) {

    /** Ways in which a method produces its result. */
    public enum Style {
        /** By its return value; the method may block. */
        BLOCKING,
        /** By a publisher or future of one value. */
        SINGLE,
        /** By a publisher of many values, for subscribe handlers only. */
        FEED
    }

    private static final Set<Class<?>> DECISIONS =
            Set.of(boolean.class, Boolean.class, SubscribeReply.class, SubscriptionGrant.class, PublishReply.class);

    /**
     * Reads the declaration of a method.
     *
     * @param beanType class of the bean, which may resolve type variables of the method
     */
    public static HandlerResult of(Method method, Class<?> beanType) {
        boolean suspending = KotlinDetector.isSuspendingFunction(method);
        ResolvableType declared = suspending
                ? ResolvableType.forMethodParameter(method, method.getParameterCount() - 1, beanType)
                        .getGeneric(0)
                : ResolvableType.forMethodReturnType(method, beanType);
        ReactiveAdapter adapter =
                ReactiveAdapterRegistry.getSharedInstance().getAdapter(declared.resolve(Object.class));
        if (adapter == null) {
            return new HandlerResult(suspending ? Style.SINGLE : Style.BLOCKING, null, declared.resolve(Object.class));
        }
        return new HandlerResult(
                adapter.isMultiValue() ? Style.FEED : Style.SINGLE,
                adapter,
                adapter.isNoValue()
                        ? Void.class
                        : declared.as(adapter.getReactiveType()).getGeneric(0).resolve(Object.class));
    }

    /** Returns whether the method has no result beyond completing. */
    public boolean isNothing() {
        return type == void.class || type == Void.class || type.getName().equals("kotlin.Unit");
    }

    /** @throws InvalidHandlerException if methods of the kind must return another type */
    public void check(Method method, HandlerKind kind) {
        if (style == Style.FEED && kind != HandlerKind.SUBSCRIBE) {
            throw new InvalidHandlerException(
                    method, "returns many results, but %s allows only one.".formatted(kind.shown()), "Return a Mono.");
        }
        switch (kind) {
            case CONNECT ->
                requireOneOf(
                        method,
                        "does not identify the client",
                        "Return the user id as a String, a ConnectReply or an Authentication, or a Mono of one.",
                        String.class,
                        ConnectReply.class,
                        Authentication.class);
            case SUBSCRIBE -> {
                if (style == Style.FEED) {
                    refuseFeedOfDecisions(method);
                } else {
                    requireOneOf(
                            method,
                            "neither permits nor denies",
                            "Return SubscribeReply.allow() or SubscribeReply.deny(), a boolean, or a Mono of one. Data"
                                    + " for the client goes into SubscribeReply.allow().withData(...).",
                            boolean.class,
                            Boolean.class,
                            SubscribeReply.class,
                            SubscriptionGrant.class);
                }
            }
            case PUBLISH ->
                requireOneOf(
                        method,
                        "neither permits nor denies",
                        "Return PublishReply.allow() or PublishReply.deny(), a boolean, or a Mono of one. What is"
                                + " published instead of the client's data goes into PublishReply.of(...).",
                        boolean.class,
                        Boolean.class,
                        PublishReply.class);
            case REFRESH, SUBSCRIPTION_REFRESH ->
                requireOneOf(
                        method,
                        "is not an expiry time",
                        "Return an Instant or a RefreshReply, or a Mono of one.",
                        Instant.class,
                        RefreshReply.class);
            case RPC -> refuseUnfinishedResult(method);
            case CACHE_EMPTY -> {
                refuseUnfinishedResult(method);
                refuseDecision(method);
            }
            default -> refuseResult(method, kind);
        }
    }

    private void requireOneOf(Method method, String why, String action, Class<?>... allowed) {
        if (!Set.of(allowed).contains(type)) {
            throw new InvalidHandlerException(
                    method,
                    isNothing() ? "returns nothing, which " + why + "." : shown() + ", which " + why + ".",
                    action);
        }
    }

    private void refuseFeedOfDecisions(Method method) {
        if (DECISIONS.contains(type)) {
            throw new InvalidHandlerException(
                    method,
                    shown() + ", whose elements would be published to the client instead of deciding.",
                    "Return a Mono to decide, or SubscribeReply.allow().withFeed(...) to publish to this client"
                            + " alone.");
        }
    }

    private void refuseDecision(Method method) {
        if (type != PublishReply.class && DECISIONS.contains(type)) {
            throw new InvalidHandlerException(
                    method,
                    shown() + ", which is not the state of a channel.",
                    "Return the data of the latest publication, or nothing if the method publishes it itself.");
        }
    }

    /** @throws InvalidHandlerException if the result is a container whose value would never be awaited */
    public void refuseUnfinishedResult(Method method) {
        if (isUnfinished(type)) {
            throw new InvalidHandlerException(
                    method,
                    shown() + ", whose value would never be awaited.",
                    "Return the value itself, a Mono or a CompletionStage.");
        }
    }

    /** Returns whether objects of a type represent a value that is produced later. */
    public static boolean isUnfinished(Class<?> type) {
        return Future.class.isAssignableFrom(type)
                || Callable.class.isAssignableFrom(type)
                || Supplier.class.isAssignableFrom(type)
                || ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
    }

    private void refuseResult(Method method, HandlerKind kind) {
        if (!isNothing()) {
            throw new InvalidHandlerException(
                    method,
                    "%s, but the result of %s is not used.".formatted(shown(), kind.shown()),
                    "Return void or Mono<Void>.");
        }
    }

    private String shown() {
        String name = type.getTypeName();
        return adapter == null
                ? "returns a " + name
                : "returns a " + adapter.getReactiveType().getSimpleName() + " of " + name;
    }
}
