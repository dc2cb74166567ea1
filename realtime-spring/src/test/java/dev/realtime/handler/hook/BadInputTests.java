package dev.realtime.handler.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.data.Payload;
import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.argument.HandlerValidation;
import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.groups.Default;
import java.security.Principal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.validation.annotation.Validated;

/** Input that a handler cannot take, for each kind of argument, and the code that the client gets for it. */
class BadInputTests {

    record Order(
            @NotBlank(groups = {OnCreate.class, Default.class})
            String item,

            int count) {}

    interface OnCreate {}

    enum Side {
        LEFT
    }

    record Tenant(String name) {}

    static class Handlers {

        @OnRpc
        void object(Order order) {}

        @OnRpc
        void valid(@Valid Order order) {}

        @OnRpc
        void group(@Validated(OnCreate.class) Order order) {}

        @OnRpc
        void elements(List<@Valid Order> orders) {}

        @OnRpc
        void list(List<Order> orders) {}

        @OnRpc
        void map(Map<String, Integer> counts) {}

        @OnRpc
        void optional(Optional<Order> order) {}

        @OnRpc
        void nullable(@Nullable Order order) {}

        @OnRpc
        void number(int number) {}

        @OnRpc
        void constrained(@Max(6) int dice) {}

        @OnRpc
        void text(@NotBlank String text) {}

        @OnRpc
        void enumerated(Side side) {}

        @OnRpc
        void raw(Payload payload) {}

        @OnRpc
        void bytes(byte[] bytes) {}

        @OnRpc
        void header(@Header("x-age") int age) {}

        @OnRpc
        void principal(@AuthenticationPrincipal(errorOnInvalidType = true) Tenant tenant) {}

        @OnRpc
        void resolved(Tenant tenant) {}

        @OnSubscribe("number:{value}")
        boolean number(@ChannelVariable Integer value) {
            return true;
        }

        @OnSubscribe("date:{value}")
        boolean date(@ChannelVariable LocalDate value) {
            return true;
        }

        @OnSubscribe("uuid:{value}")
        boolean uuid(@ChannelVariable UUID value) {
            return true;
        }

        @OnSubscribe("side:{value}")
        boolean side(@ChannelVariable Side value) {
            return true;
        }

        @OnSubscribe("maybe:{value}")
        boolean maybe(@ChannelVariable Optional<Integer> value) {
            return true;
        }

        @OnSubscribe("room:{value}")
        boolean pattern(@ChannelVariable @Pattern(regexp = "[a-z]+") String value) {
            return true;
        }
    }

    /** Resolver of the application that fails as the data says. */
    static class TenantResolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Tenant.class;
        }

        @Override
        public Object resolveArgument(MethodParameter parameter, Message<?> message) {
            if (((Payload) message.getPayload()).text().contains("broken")) {
                throw new IllegalStateException("the resolver fails");
            }
            throw new MessagingException(message, "there is no such tenant");
        }
    }

    private static HandlerCalls calls() {
        HandlerValidation validation =
                new HandlerValidation(Validation.buildDefaultValidatorFactory().getValidator());
        return new HandlerCalls(
                new Handlers(),
                builder -> builder.validation(validation).argumentResolvers(() -> List.of(new TenantResolver())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            object      |                              | 107
            object      | null                         | 107
            object      | 'text'                       | 107
            object      | [1]                          | 107
            object      | {'item':                     | 107
            object      | {'item':'a','count':'many'}  | 107
            valid       | {'item':' ','count':1}       | 107
            valid       | {'count':1}                  | 107
            group       | {'item':' ','count':1}       | 107
            elements    | [{'item':' ','count':1}]     | 107
            elements    | {'item':'a','count':1}       | 107
            list        | {'item':'a'}                 | 107
            list        | [1]                          | 107
            map         | {'a':'x'}                    | 107
            optional    | 7                            | 107
            nullable    | 7                            | 107
            number      |                              | 107
            number      | 'x'                          | 107
            number      | 1e99                         | 107
            constrained | 7                            | 107
            text        | ' '                          | 107
            text        | {}                           | 107
            enumerated  | 'UP'                         | 107
            raw         |                              | 107
            bytes       |                              | 107
            header      |                              | 107
            resolved    | 'x'                          | 107
            resolved    | 'broken'                     | 100
            principal   |                              | 100
            absent      |                              | 104
            """)
    void dataOfACall(String method, @Nullable String data, String code) {
        Principal other =
                UsernamePasswordAuthenticationToken.authenticated("not a tenant", null, AuthorityUtils.NO_AUTHORITIES);

        assertThat(calls().as(other).rpc(method, data)).startsWith(code + " ");
    }

    @ParameterizedTest
    @CsvSource({
        "number:seven",
        "number:99999999999",
        "date:yesterday",
        "uuid:6f9619ff",
        "side:UP",
        "maybe:seven",
        "room:A1",
    })
    void channelVariable(String channel) {
        assertThat(calls().subscribe(channel)).isEqualTo("107 bad request");
    }

    @Test
    void headerThatCannotBeConverted() {
        assertThat(calls().with(Map.of("x-age", List.of("old"))).rpc("header", null))
                .isEqualTo("107 bad request");
    }
}
