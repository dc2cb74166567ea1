package dev.realtime.starter.webmvc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.ClassUtils;

/** The class path of an application that has Spring MVC and the starter. */
class ClassPathTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.web.reactive.DispatcherHandler",
                "org.springframework.boot.webflux.WebFluxWebApplicationTypeDeducer",
                "reactor.netty.http.server.HttpServer",
                "dev.realtime.webflux.EndpointMapping",
                "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration"
            })
    void starterDoesNotBring(String type) {
        assertThat(isPresent(type)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.realtime.webmvc.EndpointMapping",
                "dev.realtime.engine.memory.MemoryEngine",
                "dev.realtime.engine.redis.RedisEngine",
                "io.lettuce.core.RedisClient",
                "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory",
                "com.nimbusds.jwt.SignedJWT"
            })
    void starterBrings(String type) {
        assertThat(isPresent(type)).isTrue();
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, ClassPathTests.class.getClassLoader());
    }
}
