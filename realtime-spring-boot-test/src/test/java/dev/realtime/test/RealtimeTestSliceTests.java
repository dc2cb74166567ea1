package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.token.RealtimeOpaqueTokenAutoConfiguration;
import dev.realtime.autoconfigure.token.RealtimeTokenAutoConfiguration;
import dev.realtime.test.ChatHandlers.Message;
import dev.realtime.test.autoconfigure.RealtimeTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.ClassPathResource;

/** A slice with one handler class: its security, validation and properties, and nothing else. */
@RealtimeTest(ChatHandlers.class)
class RealtimeTestSliceTests {

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private ApplicationContext context;

    @Test
    void handlersAreLoadedAndNothingElse() {
        assertThat(context.getBeansOfType(ChatHandlers.class)).hasSize(1);
        assertThat(context.getBeansOfType(OtherHandlers.class)).isEmpty();
        assertThat(context.getBeansOfType(OrderService.class)).isEmpty();
        assertThat(context.getBeansOfType(DataSource.class)).isEmpty();
    }

    @Test
    void autoConfigurationsOfTokensAreImported() throws IOException {
        assertThat(new ClassPathResource("META-INF/spring/" + RealtimeTest.class.getName() + ".imports")
                        .getContentAsString(StandardCharsets.UTF_8)
                        .lines())
                .contains(
                        RealtimeTokenAutoConfiguration.class.getName(),
                        RealtimeOpaqueTokenAutoConfiguration.class.getName(),
                        "optional:org.springframework.boot.security.oauth2.server.resource.autoconfigure"
                                + ".OAuth2ResourceServerAutoConfiguration",
                        "optional:org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive"
                                + ".ReactiveOAuth2ResourceServerAutoConfiguration");
    }

    @Test
    void securityValidationAndPropertiesWork() {
        RealtimeTestClient ann = clients.connectAs("ann");

        ann.subscribe("staff:room").expectError(103);
        ann.rpc("secret").expectError(103);
        ann.subscribe("chat:lobby")
                .publish(new Message("far too long for a message of this chat"))
                .expectError(107);
        clients.connectAs("sam", "STAFF").subscribe("staff:room").expectSubscribed();
    }
}
