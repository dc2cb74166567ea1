package dev.realtime.sample;

import dev.realtime.auth.Authentication;
import dev.realtime.auth.Authenticator;
import dev.realtime.auth.ConnectContext;
import dev.realtime.auth.Refused;
import dev.realtime.protocol.ClientError;
import dev.realtime.protocol.Payload;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets in who is logged in, by the name of the account, and everyone else who says a name. Others see the name beside each
 * message and in the list of who is here.
 *
 * <p>The user id of a guest is whatever the browser made up, which is fine for a sample and for nothing else: a real
 * application goes by the {@code principal} alone, or by a token.
 */
@Component
class ChatAuthenticator implements Authenticator {

    static final ClientError NAME_NEEDED = new ClientError(1000, "a name of 1 to 30 characters is needed", false);

    private static final int LONGEST_NAME = 30;

    private final JsonMapper json;

    ChatAuthenticator(JsonMapper json) {
        this.json = json;
    }

    // tag::authenticate[]
    @Override
    public Mono<Authentication> authenticate(ConnectContext context) {
        Principal principal = context.principal();
        Visitor visitor =
                principal == null ? visitor(context.data()) : new Visitor(principal.getName(), principal.getName());
        if (visitor == null) {
            return Mono.error(Refused.with(NAME_NEEDED, "the connect data holds no usable user and name"));
        }
        Payload info = Payload.of(json.writeValueAsBytes(Map.of("name", visitor.name())));
        Payload data = Payload.of(json.writeValueAsBytes(visitor));
        return Mono.just(Authentication.of(visitor.user()).withInfo(info).withData(data));
    }
    // end::authenticate[]

    private @Nullable Visitor visitor(@Nullable Payload data) {
        if (data == null) {
            return null;
        }
        try {
            Said said = json.readValue(data.bytes(), Said.class);
            return said == null ? null : said.visitor();
        } catch (JacksonException notWhatWasAskedFor) {
            return null;
        }
    }

    /** What the page says when it connects; anything may be missing. */
    private record Said(@Nullable String user, @Nullable String name) {

        @Nullable
        Visitor visitor() {
            String tidyName = name == null ? "" : name.strip().replaceAll("\\s+", " ");
            boolean named = !tidyName.isEmpty() && tidyName.length() <= LONGEST_NAME;
            return named && user != null && user.matches("[a-z0-9-]{8,36}") ? new Visitor(user, tidyName) : null;
        }
    }

    /** Who somebody is; the page is told too. */
    private record Visitor(String user, String name) {}
}
