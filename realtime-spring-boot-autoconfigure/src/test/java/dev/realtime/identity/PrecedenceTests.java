package dev.realtime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.Payload;
import dev.realtime.auth.token.TokenForge;
import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.token.RealtimeTokenAutoConfiguration;
import dev.realtime.handler.OnConnect;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.hook.RpcHandler;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Mono;

/** Of all that could identify a client, one does: the list of the page about authentication. */
class PrecedenceTests {

    private static final String SECRET = "a secret of more than thirty-two bytes";

    private static final Map<String, String> PROPERTIES = Map.of(
            "keys", "realtime.client.token.hmac-secret-key=" + SECRET,
            "anonymous", "realtime.client.allow-anonymous-connect-without-token=true",
            "insecure", "realtime.client.insecure=true");

    static class Handlers {

        @OnConnect
        Mono<String> connect() {
            return Mono.just("handler");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # application has            | client sends     | client is
            bean handler keys anonymous  | token principal  | user bean
            bean keys                    | token principal  | user bean
            handler keys anonymous       | token principal  | user token
            keys anonymous insecure      | token principal  | user token
            handler anonymous            | token principal  | user handler
            anonymous insecure           | token principal  | closed 3500
            keys anonymous insecure      | forged principal | closed 3500
            handler keys anonymous       | forged principal | closed 3500

            bean handler keys anonymous  | principal        | user handler
            bean keys anonymous          | principal        | user bean
            keys anonymous insecure      | principal        | user principal
            keys anonymous               | nothing          | user anonymous
            keys insecure                | nothing          | user anonymous
            keys                         | nothing          | closed 3501
            """)
    void firstOfTheListSaysWhoAClientIs(String application, String client, String outcome) {
        List<String> parts = words(application);
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with(RealtimeTokenAutoConfiguration.class))
                .withPropertyValues(parts.stream()
                        .flatMap(part -> Stream.ofNullable(PROPERTIES.get(part)))
                        .toArray(String[]::new))
                .withBean(RpcHandler.class, () -> (caller, method, data) -> Mono.just(who(caller)));
        if (parts.contains("bean")) {
            runner = runner.withBean(Authenticator.class, () -> context -> Mono.just(Authentication.of("bean")));
        }
        if (parts.contains("handler")) {
            runner = runner.withBean(Handlers.class);
        }

        runner.run(context -> assertThat(outcome(context, words(client))).isEqualTo(outcome));
    }

    private static Payload who(ClientIdentity caller) {
        return Payload.ofText("\"" + (caller.userId().isEmpty() ? "anonymous" : caller.userId()) + "\"");
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.split(" "));
    }

    private static String outcome(ApplicationContext context, List<String> sent) {
        String token = sent.contains("token")
                ? TokenForge.hs256(SECRET, "{'sub':'token'}")
                : sent.contains("forged") ? TokenForge.hs256("another secret", "{'sub':'token'}") : "";
        try (NodeClient client = new NodeClient(context, sent.contains("principal") ? () -> "principal" : null)) {
            String reply = client.ask("{'id':1,'connect':{'token':'" + token + "'}}");
            return reply.startsWith("closed")
                    ? reply
                    : "user " + client.ask("{'id':2,'rpc':{'method':'who'}}").replaceFirst(".*'data':'(.*)'.*", "$1");
        }
    }
}
