package dev.realtime.connection;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.auth.TokenAuthenticator;
import reactor.core.publisher.Mono;

/** Knows tokens by what the test says of them. */
final class ScriptedTokens implements TokenAuthenticator {

    private Mono<Authentication> connection = Mono.empty();

    private Mono<SubscriptionGrant> subscription = Mono.empty();

    private boolean throwing;

    /** What the next connection tokens mean. */
    ScriptedTokens renewing(Mono<Authentication> connection) {
        this.connection = connection;
        return this;
    }

    /** What the next subscription tokens mean. */
    ScriptedTokens answering(Mono<SubscriptionGrant> subscription) {
        this.subscription = subscription;
        return this;
    }

    /** Throws in place of answering. */
    ScriptedTokens throwing() {
        throwing = true;
        return this;
    }

    @Override
    public Mono<Authentication> refresh(ClientIdentity client, String token) {
        throwIfTold();
        return connection;
    }

    @Override
    public Mono<SubscriptionGrant> subscription(ClientIdentity client, String channel, String token) {
        throwIfTold();
        return subscription;
    }

    private void throwIfTold() {
        if (throwing) {
            throw new IllegalStateException("on purpose");
        }
    }
}
