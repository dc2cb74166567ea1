package dev.realtime.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.handler.invocation.HandlerFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The codes an application may use, and what they mean to the client. */
class HandlerExceptionTests {

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 399, 2000, 3000, 3999, 5000, -1})
    void codeOfTheProtocolIsRefused(int code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HandlerException(code, "no"))
                .withMessageContaining("400 to 1999");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 1999})
    void lowCodeAnswersWithAnError(int code) {
        assertThat(refusal(new HandlerException(code, "full", true)).error())
                .isEqualTo(new ClientError(code, "full", true));
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 4999})
    void highCodeEndsTheConnection(int code) {
        assertThat(refusal(new HandlerException(code, "go")).disconnect()).isEqualTo(new Disconnect(code, "go"));
    }

    @Test
    void reasonLongerThanACloseFrameIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HandlerException(4000, "x".repeat(124)));
    }

    private static ClientRefusedException refusal(HandlerException thrown) {
        return HandlerFailure.of(thrown, false).refusal();
    }
}
