package dev.realtime.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.auth.Authentication;
import dev.realtime.auth.ConnectContext;
import dev.realtime.auth.Refused;
import dev.realtime.protocol.Payload;
import dev.realtime.protocol.ProtocolType;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ChatAuthenticatorTests {

    private final ChatAuthenticator authenticator = new ChatAuthenticator(new JsonMapper());

    @Test
    void othersSeeTheNameTidiedUp() {
        Authentication authentication =
                authenticate("{\"user\":\"0123456789abcdef\",\"name\":\"  Ada \\n Lovelace \"}");

        assertThat(authentication.userId()).isEqualTo("0123456789abcdef");
        assertThat(authentication.info()).isEqualTo(Payload.ofText("{\"name\":\"Ada Lovelace\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "7",
                "not json",
                "{\"user\":\"0123456789abcdef\"}",
                "{\"user\":\"0123456789abcdef\",\"name\":\"   \"}",
                "{\"user\":\"0123456789abcdef\",\"name\":\"a name of thirty-one characters\"}",
                "{\"user\":\"0123456789abcdef\",\"name\":{}}",
                "{\"user\":\"\",\"name\":\"Ada\"}",
                "{\"user\":\"no spaces in here\",\"name\":\"Ada\"}"
            })
    void whoSaysNoUsableNameIsAskedForOne(String data) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> authenticate(data))
                .satisfies(refused -> assertThat(refused.error()).isEqualTo(ChatAuthenticator.NAME_NEEDED));
    }

    @Test
    void whoSaysNothingIsAskedForAName() {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> authenticate(null))
                .satisfies(refused -> assertThat(refused.error()).isEqualTo(ChatAuthenticator.NAME_NEEDED));
    }

    @Test
    void whoIsLoggedInGoesByTheNameOfTheAccount() {
        Authentication authentication = authenticate(null, () -> "ann");

        assertThat(authentication.userId()).isEqualTo("ann");
        assertThat(authentication.info()).isEqualTo(Payload.ofText("{\"name\":\"ann\"}"));
        assertThat(authentication.data()).isEqualTo(Payload.ofText("{\"user\":\"ann\",\"name\":\"ann\"}"));
    }

    private Authentication authenticate(@Nullable String data) {
        return authenticate(data, null);
    }

    private Authentication authenticate(@Nullable String data, @Nullable Principal principal) {
        Payload payload = data == null ? null : Payload.ofText(data);
        ConnectContext context = new ConnectContext(
                "client",
                "websocket",
                ProtocolType.JSON,
                principal,
                Map.<String, List<String>>of(),
                "/",
                "",
                "",
                payload,
                "",
                "",
                Map.of());
        Authentication authentication = authenticator.authenticate(context).block();
        assertThat(authentication).isNotNull();
        return authentication;
    }
}
