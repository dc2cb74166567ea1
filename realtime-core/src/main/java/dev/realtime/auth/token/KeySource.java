package dev.realtime.auth.token;

import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Source of the keys that verify tokens. Must not block, and is called by many threads concurrently. */
@FunctionalInterface
public interface KeySource {

    /**
     * Keys that may have signed a token.
     *
     * @param algorithm as the token says; keys for others are left out
     * @param keyId as the token says, empty if it does not
     * @return no keys if none fits; a {@link KeysUnavailableException} if that cannot be determined now
     */
    Mono<List<TokenKey>> keys(String algorithm, String keyId);

    /** Keys of the first of these sources that has any. */
    static KeySource firstOf(List<KeySource> sources) {
        List<KeySource> all = List.copyOf(sources);
        return (algorithm, keyId) -> Flux.fromIterable(all)
                .concatMap(source -> source.keys(algorithm, keyId))
                .filter(keys -> !keys.isEmpty())
                .next()
                .defaultIfEmpty(List.of());
    }

    /** These keys, whatever id a token names. */
    static KeySource of(List<TokenKey> keys) {
        List<TokenKey> all = List.copyOf(keys);
        return (algorithm, keyId) -> Mono.just(
                all.stream().filter(key -> key.algorithms().contains(algorithm)).toList());
    }
}
