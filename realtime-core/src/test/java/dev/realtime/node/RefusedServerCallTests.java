package dev.realtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.SubscribeOptions;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.protocol.UnixTime;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Calls of the server that cannot be sent to clients or would have expired already. */
class RefusedServerCallTests {

    private final ScriptedServer server = ScriptedServer.setup().start();

    @ParameterizedTest
    @ValueSource(longs = {1, 1_767_225_600})
    void subscriptionThatWouldEndBeforeItBeginsIsRefused(long expireAtSeconds) {
        assertThat(server.nowSeconds()).isEqualTo(1_767_225_600);

        assertRefused(subscribe(expireAtSeconds), ClientError.EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1_767_225_601})
    void subscriptionWithoutEndOrWithALaterOneIsMade(long expireAtSeconds) {
        StepVerifier.create(subscribe(expireAtSeconds)).verifyComplete();
    }

    private Mono<Void> subscribe(long expireAtSeconds) {
        return server.node()
                .channels()
                .subscribe("alice", "news", SubscribeOptions.DEFAULTS.withExpireAt(UnixTime.moment(expireAtSeconds)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1000, 2999, 5000, Integer.MAX_VALUE})
    void disconnectWithACodeSdksDoNotKnowIsRefused(int code) {
        assertRefused(disconnect(new Disconnect(code, "bye")), ClientError.BAD_REQUEST);
    }

    @Test
    void disconnectWithAReasonLongerThanACloseFrameIsRefused() {
        assertRefused(disconnect(new Disconnect(4000, "é".repeat(62))), ClientError.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(ints = {3000, 4999})
    void disconnectWithTheLongestReasonIsMade(int code) {
        StepVerifier.create(disconnect(new Disconnect(code, "r".repeat(123)))).verifyComplete();
    }

    private Mono<Void> disconnect(Disconnect disconnect) {
        return server.node().clients().disconnect("alice", ConnectionFilter.ALL, disconnect, Set.of());
    }

    private static void assertRefused(Mono<Void> call, ClientError error) {
        StepVerifier.create(call)
                .verifyErrorSatisfies(refusal -> assertThat(refusal)
                        .isInstanceOfSatisfying(
                                RealtimeException.class,
                                refused -> assertThat(refused.error()).isEqualTo(error)));
    }
}
