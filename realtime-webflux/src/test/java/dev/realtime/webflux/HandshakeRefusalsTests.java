package dev.realtime.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.statistics.ReachedLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;

/** A handshake that is refused says why: to the client, in the log, and in a count. */
@ExtendWith(OutputCaptureExtension.class)
class HandshakeRefusalsTests {

    private final List<ReachedLimit> counted = new ArrayList<>();

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    private final HandshakeRefusals refusals = new HandshakeRefusals(counted::add, nanos::get);

    private MockServerHttpResponse refuse(String origin, ResponseStatusException refusal) {
        MockServerWebExchange exchange =
                MockServerWebExchange.from(MockServerHttpRequest.get("http://localhost:24001/connection/websocket")
                        .header("Origin", origin));
        refusals.answer(exchange, refusal).block();
        return exchange.getResponse();
    }

    private MockServerHttpResponse refuseOrigin(String origin) {
        return refuse(origin, new ResponseStatusException(HttpStatus.FORBIDDEN, "The origin is not allowed"));
    }

    @Test
    void originIsNamedWithTheHostAndTheProperty(CapturedOutput output) {
        MockServerHttpResponse response = refuseOrigin("http://localhost:5173");

        assertThat(response.getStatusCode()).isEqualTo(HttpStatus.FORBIDDEN);
        assertThat(response.getHeaders().getContentType()).isEqualTo(MediaType.TEXT_PLAIN);
        assertThat(response.getBodyAsString().block()).isEqualTo("The origin is not allowed");
        assertThat(output)
                .contains("WARN")
                .contains("Origin http://localhost:5173 was refused: the request is for localhost:24001. Set"
                        + " `realtime.client.allowed-origins`");
        assertThat(counted).containsExactly(ReachedLimit.ORIGIN);
    }

    @Test
    void missingUpgradeIsExplained(CapturedOutput output) {
        MockServerHttpResponse response =
                refuse("http://localhost", new ServerWebInputException("The header Upgrade must name websocket"));

        assertThat(response.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST);
        assertThat(response.getBodyAsString().block()).isEqualTo("The header Upgrade must name websocket");
        assertThat(output).contains("A proxy has to pass the headers Upgrade and Connection on.");
        assertThat(counted).containsExactly(ReachedLimit.HANDSHAKE);
    }

    @Test
    void fullNodeNamesItsLimits(CapturedOutput output) {
        assertThat(refuse("http://localhost", new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "Full"))
                        .getStatusCode())
                .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
        assertThat(output).contains("`realtime.client.connection-limit`");
        // The node counts its own limits.
        assertThat(counted).isEmpty();
    }

    @Test
    void methodThatIsNotAllowedNamesTheOnesThatAre() {
        MockServerHttpResponse response =
                refuse("http://localhost", new MethodNotAllowedException(HttpMethod.POST, Set.of(HttpMethod.GET)));

        assertThat(response.getStatusCode()).isEqualTo(HttpStatus.METHOD_NOT_ALLOWED);
        assertThat(response.getHeaders().getAllow()).isNotEmpty();
    }

    @Test
    void onlyOneOfAKindInAMinuteIsAWarning(CapturedOutput output) {
        for (int i = 0; i < 100; i++) {
            refuseOrigin("https://elsewhere.example");
        }
        assertThat(output).containsOnlyOnce("was refused");

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        refuseOrigin("https://later.example");

        assertThat(output).contains("Origin https://later.example was refused");
        assertThat(counted).hasSize(101);
    }

    @Test
    void longOriginDoesNotFillTheLog(CapturedOutput output) {
        refuseOrigin("https://" + "x".repeat(5_000));

        assertThat(output.getOut().length()).isLessThan(1_000);
    }
}
