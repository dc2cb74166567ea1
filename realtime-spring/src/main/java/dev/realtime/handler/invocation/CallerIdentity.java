package dev.realtime.handler.invocation;

import dev.realtime.handler.argument.HandlerCall;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Lets handler methods run as the user of the client they are called for. By itself it does nothing. */
public class CallerIdentity {

    /** Calls a method on this thread; what it throws comes out as it is, or wrapped if it is checked. */
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

    /** The same, with the user in its context. */
    protected <T> Mono<T> identified(HandlerCall call, Mono<T> result) {
        return result;
    }

    /** The same, with the user in its context. */
    protected Publisher<?> identified(HandlerCall call, Publisher<?> feed) {
        return Flux.from(feed);
    }

    /**
     * Returns the user of a connect handler, with authorities.
     *
     * @param principal of the handler; {@code null} for the user id
     */
    public Principal principal(String userId, @Nullable Principal principal, List<String> authorities) {
        throw new IllegalStateException(
                "ConnectReply.withAuthorities(...) needs Spring Security, which is not on the class path.");
    }

    /** Whether the user may call a method that returns a feed, before the client receives the reply to its subscribe. */
    protected Mono<Void> permitsFeed(BeanMethod method, HandlerCall call) {
        return Mono.empty();
    }
}
