package dev.realtime.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.token.RealtimeTokenIssuer;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.token.RealtimeTokenAutoConfiguration;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.security.Principal;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.web.server.ResponseStatusException;

/** The controller of the authentication guide gives tokens that the server takes. */
class TokenControllerTests {

    private final Principal alice = () -> "alice";

    @Test
    void tokensAreTakenAndGivenToWhoMayHaveThem() {
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with(RealtimeTokenAutoConfiguration.class))
                .withPropertyValues(
                        "realtime.client.token.hmac-secret-key=a secret of more than thirty-two bytes",
                        "realtime.client.token.require-expiration=true")
                .run(context -> {
                    TokenController controller = new TokenController(context.getBean(RealtimeTokenIssuer.class));
                    TokenAuthenticator tokens = context.getBean(TokenAuthenticator.class);
                    ClientIdentity client = new ClientIdentity("c", "alice", null);

                    assertThat(tokens.refresh(client, controller.connectionToken(alice))
                                    .block()
                                    .userId())
                            .isEqualTo("alice");
                    String token = controller.subscriptionToken(alice, "$board:alice");
                    assertThat(tokens.subscription(client, "$board:alice", token)
                                    .block())
                            .isNotNull();
                    assertThatExceptionOfType(ResponseStatusException.class)
                            .isThrownBy(() -> controller.subscriptionToken(alice, "$board:bob"));
                });
    }
}
