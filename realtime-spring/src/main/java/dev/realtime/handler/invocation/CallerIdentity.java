package dev.realtime.handler.invocation;

import dev.realtime.handler.argument.HandlerCall;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Identity with which handler methods run. This class adds none; a subclass runs them as the user of the client. */
public class CallerIdentity {

    /** Calls a method on this thread. Rethrows unchecked exceptions; wraps checked ones. */
    @Nullable
    public Object invoke(BeanMethod method, HandlerCall call) {
        try {
            return method.invoke(call);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable checked) {
            throw Exceptions.propagate(checked);
        }
    }

    /** Returns the result with the user in its context. */
    protected <T> Mono<T> identified(HandlerCall call, Mono<T> result) {
        return result;
    }

    /** Returns the result with the user in its context. */
    protected Publisher<?> identified(HandlerCall call, Publisher<?> feed) {
        return Flux.from(feed);
    }

    /**
     * Returns the principal for a reply of a connect handler that names authorities.
     *
     * @param principal the principal of the reply; {@code null} for the user id
     */
    public Principal principal(String userId, @Nullable Principal principal, List<String> authorities) {
        throw new IllegalStateException(
                "ConnectReply.withAuthorities(...) needs Spring Security, which is not on the class path.");
    }

    /**
     * Completes if the user may call a method that returns a feed, and fails otherwise. Called before the client is
     * subscribed.
     */
    protected Mono<Void> permitsFeed(BeanMethod method, HandlerCall call) {
        return Mono.empty();
    }
}
