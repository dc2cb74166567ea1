package dev.realtime.auth.token;

import java.time.Clock;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Two secrets while one takes the place of the other. Tokens signed with either are accepted until the end of the old
 * one.
 */
public final class HmacRotation implements KeySource {

    private final KeySource both;

    private final KeySource current;

    private final long previousUntilSeconds;

    private final Clock clock;

    /**
     * @param previousUntilSeconds Unix time of the last second in which the previous secret is accepted; 0 for no end
     */
    public HmacRotation(byte[] current, byte[] previous, long previousUntilSeconds, Clock clock) {
        this.current = KeySource.of(List.of(TokenKey.hmac(current)));
        this.both = KeySource.of(List.of(TokenKey.hmac(current), TokenKey.hmac(previous)));
        this.previousUntilSeconds = previousUntilSeconds;
        this.clock = clock;
    }

    @Override
    public Mono<List<TokenKey>> keys(String algorithm, String keyId) {
        boolean over = previousUntilSeconds > 0 && clock.millis() / 1000 > previousUntilSeconds;
        return (over ? current : both).keys(algorithm, keyId);
    }
}
