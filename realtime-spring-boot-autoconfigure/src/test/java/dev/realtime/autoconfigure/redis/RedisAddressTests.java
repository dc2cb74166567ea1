package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.failure.ConfigurationProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTests {

    private static final String PROPERTY = "realtime.redis.address";

    @ParameterizedTest
    @CsvSource({
        "redis://cache:6380, cache, 6380",
        "REDIS://cache:6380, cache, 6380",
        "redis://cache, cache, 6379",
        "redis://cache/, cache, 6379",
        "cache:6380, cache, 6380",
        "cache, cache, 6379",
        "10.0.0.1:6380, 10.0.0.1, 6380",
        "redis-cluster.redis:6379, redis-cluster.redis, 6379",
        "[::1]:6380, ::1, 6380",
        "redis://[fe80::1%eth0]:6380, fe80::1%eth0, 6380",
        "[::1], ::1, 6379",
        "' redis://cache:6380 ', cache, 6380",
    })
    void hostAndPort(String text, String host, int port) {
        RedisAddress address = RedisAddress.parse(PROPERTY, text, 6379);

        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port()).isEqualTo(port);
        assertThat(address.password()).isEmpty();
        assertThat(address.database()).isNull();
    }

    @Test
    void schemeSaysWhetherTlsIsMeant() {
        assertThat(RedisAddress.parse(PROPERTY, "rediss://cache", 6379).tls()).isTrue();
        assertThat(RedisAddress.parse(PROPERTY, "redis://cache", 6379).tls()).isFalse();
        assertThat(RedisAddress.parse(PROPERTY, "cache", 6379).tls()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "redis://app:secret@cache:6380, app, secret",
        "redis://:secret@cache, '', secret",
        "app:secret@cache, app, secret",
        "redis://app:a%40b%3Ac@cache, app, a@b:c",
        "redis://app:p@ss:word@cache, app, p@ss:word",
        "redis://app:1+1@cache, app, 1+1",
        "redis://app:a/b@cache, app, a/b",
    })
    void credentials(String text, String username, String password) {
        RedisAddress address = RedisAddress.parse(PROPERTY, text, 6379);

        assertThat(address.username()).isEqualTo(username);
        assertThat(address.password()).isEqualTo(password);
        assertThat(address.host()).isEqualTo("cache");
        assertThat(address).asString().doesNotContain(password);
    }

    @Test
    void databaseStandsBehindTheSlash() {
        assertThat(RedisAddress.parse(PROPERTY, "redis://cache:6380/3", 6379).database())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "http://cache:6379, '`realtime.redis.address` is `http://cache:6379`, but `http` is not a scheme of Redis.'",
        "redis+sentinel://cache, '`realtime.redis.address` is `redis+sentinel://cache`, but `redis+sentinel` is not a"
                + " scheme of Redis.'",
        "cache:99999, '`realtime.redis.address` is `cache:99999`, but ports go from 1 to 65535.'",
        "cache:0, '`realtime.redis.address` is `cache:0`, but ports go from 1 to 65535.'",
        "::1:6379, '`realtime.redis.address` is `::1:6379`, which is no address of Redis.'",
        "redis://cache:6379/name, '`realtime.redis.address` is `redis://cache:6379/name`, which is no address of"
                + " Redis.'",
        "redis://cache?timeout=1s, '`realtime.redis.address` is `redis://cache?timeout=1s`, but its part after `?`"
                + " would be ignored. Settings of the connection are properties here.'",
    })
    void anythingElseIsRefused(String text, String description) {
        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> RedisAddress.parse(PROPERTY, text, 6379))
                .withMessage(description
                        + " Write `redis://host:port`, `rediss://host:port` for TLS, or `host:port`; an IPv6 address"
                        + " needs brackets, as in `[::1]:6379`.");
    }

    @Test
    void loneWordBeforeTheAtSignIsAmbiguous() {
        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> RedisAddress.parse(PROPERTY, "redis://canary@cache", 6379))
                .withMessage(
                        "`realtime.redis.address` has something before `@` that may be a user name or a password. Write"
                                + " `redis://user:password@host:port`, or `redis://:password@host:port` for the default"
                                + " user.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app:canary@cache",
                "app:canary@cache:99999",
                "redis://app:can@ary@cache:x",
                "redis://app:canary@cache?x=1",
                "redis://canary@cache"
            })
    void refusalsNeverShowCredentials(String text) {
        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> RedisAddress.parse(PROPERTY, text, 6379))
                .withMessageNotContainingAny("canary", "can@", "app");
    }
}
