package dev.realtime.conformance;

import dev.realtime.auth.Authentication;
import dev.realtime.auth.Authenticator;
import dev.realtime.auth.SubscriptionGrant;
import dev.realtime.protocol.Payload;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An application on the starter with a namespace for everything under test; {@code conformance.yml} describes them. */
@SpringBootApplication
class ConformanceApplication {

    /** Clients are whoever they say they are, in the channels they ask for; who says nothing is nobody. */
    @Bean
    Authenticator authenticator(JsonMapper json) {
        return context -> context.data() == null
                ? Mono.empty()
                : Mono.just(json.readValue(context.data().bytes(), Claims.class).authentication(json));
    }

    /** What {@link Identity} says as connect data. */
    private record Claims(String user, @Nullable JsonNode info, List<String> subs) {

        Authentication authentication(JsonMapper json) {
            Map<String, SubscriptionGrant> grants =
                    subs.stream().collect(Collectors.toMap(Function.identity(), channel -> SubscriptionGrant.PLAIN));
            Authentication plain = Authentication.of(user).withSubscriptions(grants);
            return info == null ? plain : plain.withInfo(Payload.of(json.writeValueAsBytes(info)));
        }
    }
}
