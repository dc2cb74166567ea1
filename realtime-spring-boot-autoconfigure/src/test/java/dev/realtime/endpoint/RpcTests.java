package dev.realtime.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.data.Payload;
import dev.realtime.endpoint.ApiServer.Answer;
import dev.realtime.handler.HandlerLimits;
import dev.realtime.handler.OnRpc;
import dev.realtime.spi.hook.RpcHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import reactor.core.publisher.Mono;

/** Calls of the application's own methods over the API. */
@ParameterizedClass
@EnumSource(Stack.class)
record RpcTests(Stack stack) {

    private static ApiServer server;

    @BeforeParameterizedClassInvocation
    static void start(Stack stack) {
        server = ApiServer.start(
                stack,
                Application.class,
                Stream.of("realtime.http-api.key=" + ApiServer.KEY, "realtime.client.handler-timeout=3s"));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
    }

    @Test
    void methodIsCalledInTheNameOfNobodyWithTheParametersByteForByte() {
        assertThat(server.call("rpc", "{\"method\":\"echo\",\"params\":{\"a\" : 1.50}}"))
                .isEqualTo(Answer.json("{\"result\":{\"data\":[\"\",\"\",{\"a\" : 1.50}]}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nothing | {"result":{}}
            binary  | {"result":{"b64data":"AP8="}}
            own     | {"error":{"code":1001,"message":"sold out"}}
            denied  | {"error":{"code":103,"message":"permission denied"}}
            staff   | {"error":{"code":103,"message":"permission denied"}}
            unknown | {"error":{"code":104,"message":"not found"}}
            broken  | {"error":{"code":100,"message":"internal server error"}}
            thrown  | {"error":{"code":100,"message":"internal server error"}}
            slow    | {"error":{"code":100,"message":"internal server error"}}
            """)
    void whatTheMethodSaysIsAnswered(String method, String reply) {
        assertThat(server.call("rpc", "{\"method\":\"" + method + "\"}")).isEqualTo(Answer.json(reply));
    }

    @Test
    void deniedMethodIsForbiddenInTransportMode() {
        Answer answer = server.call("rpc", "{\"method\":\"staff\"}", "X-Centrifugo-Error-Mode", "transport");

        assertThat(answer)
                .isEqualTo(new Answer(403, "application/json", "{\"code\":103,\"message\":\"permission denied\"}"));
    }

    @Test
    void callOverTheLimitsOfItsMethodIsAskedToComeAgain() throws InterruptedException {
        Full full = server.bean(Full.class);
        Thread first = new Thread(() -> server.call("rpc", "{\"method\":\"full\"}"));
        first.start();
        assertThat(full.begun.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(server.call("rpc", "{\"method\":\"full\"}"))
                .isEqualTo(Answer.json("{\"error\":{\"code\":111,\"message\":\"too many requests\"}}"));
        assertThat(server.call("rpc", "{\"method\":\"full\"}", "X-Centrifugo-Error-Mode", "transport")
                        .status())
                .isEqualTo(429);

        full.end.countDown();
        first.join();
    }

    @Test
    void methodsAreCalledInBatchesToo() {
        assertThat(server.call("batch", "{\"commands\":[{\"rpc\":{\"method\":\"nothing\"}}]}"))
                .isEqualTo(Answer.json("{\"replies\":[{\"rpc\":{}}]}"));
    }

    @Test
    void methodsMarkedWithOnRpcAreCalledBeforeTheHandlerOfTheApplication() {
        assertThat(server.call("rpc", "{\"method\":\"double\",\"params\":21}"))
                .isEqualTo(Answer.json("{\"result\":{\"data\":42}}"));
        assertThat(server.call("rpc", "{\"method\":\"double\",\"params\":\"x\"}"))
                .isEqualTo(Answer.json("{\"error\":{\"code\":107,\"message\":\"bad request\"}}"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableMethodSecurity
    static class Application {

        /** A bean of its own, since method security would make a proxy of the configuration. */
        @Bean
        Staff staff() {
            return new Staff();
        }

        @Bean
        Full full() {
            return new Full();
        }

        @OnRpc("double")
        int twice(int number) {
            return 2 * number;
        }

        @Bean
        RpcHandler methods() {
            return (client, method, params) -> switch (method) {
                case "echo" -> Mono.just(echo(client, params));
                case "nothing" -> Mono.empty();
                case "binary" -> Mono.just(Payload.of(new byte[] {0, (byte) 0xff}));
                case "own" ->
                    Mono.error(ClientRefusedException.with(new ClientError(1001, "sold out", false), "none left"));
                case "denied" ->
                    Mono.error(ClientRefusedException.with(ClientError.PERMISSION_DENIED, "not for anonymous users"));
                case "broken" -> Mono.error(new IllegalStateException("broken"));
                case "thrown" -> throw new IllegalStateException("thrown");
                case "slow" -> Mono.never();
                default -> Mono.error(ClientRefusedException.with(ClientError.METHOD_NOT_FOUND, "no such method"));
            };
        }

        private static Payload echo(ClientIdentity client, Payload params) {
            return Payload.ofText("[\"" + client.clientId() + "\",\"" + client.userId() + "\"," + params.text() + "]");
        }
    }

    static class Full {

        final CountDownLatch begun = new CountDownLatch(1);

        final CountDownLatch end = new CountDownLatch(1);

        @OnRpc
        @HandlerLimits(timeout = "10s", concurrency = "1", queueSize = "0")
        void full() throws InterruptedException {
            begun.countDown();
            end.await();
        }
    }

    static class Staff {

        @OnRpc
        @PreAuthorize("hasRole('STAFF')")
        String staff() {
            return "called";
        }
    }
}
