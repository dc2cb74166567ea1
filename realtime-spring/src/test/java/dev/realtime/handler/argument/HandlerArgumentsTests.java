package dev.realtime.handler.argument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.Payload;
import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.HandlerHeaders;
import dev.realtime.handler.OnConnect;
import dev.realtime.handler.OnConnected;
import dev.realtime.handler.OnDisconnect;
import dev.realtime.handler.OnPublish;
import dev.realtime.handler.OnRefresh;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSend;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.SubscribeReply;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.handler.hook.HandlerCalls;
import java.security.Principal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.MethodParameter;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.util.MultiValueMap;

/** Sources of the arguments of handler methods, and the error for a client that sends none. */
class HandlerArgumentsTests {

    record Room(String name) {}

    record Account(String email, int age) {}

    record Tenant(String name) {}

    enum Side {
        LEFT
    }

    static class Base<T> {

        @OnRpc
        String generic(T data) {
            return data.getClass().getSimpleName();
        }
    }

    static class Arguments extends Base<Room> {

        @OnRpc
        String required(Room room) {
            return room.name();
        }

        @OnRpc
        String nullable(@Nullable Room room) {
            return room == null ? "none" : room.name();
        }

        @OnRpc
        String optional(Optional<Room> room) {
            return room.map(Room::name).orElse("none");
        }

        @OnRpc
        String optionalRaw(Optional<Payload> payload) {
            return payload.map(Payload::text).orElse("none");
        }

        @OnRpc
        String raw(Payload payload) {
            return payload.text();
        }

        @OnRpc
        int bytes(byte[] bytes) {
            return bytes.length;
        }

        @OnRpc
        int number(int number) {
            return number;
        }

        @OnRpc
        List<Room> rooms(List<Room> rooms) {
            return rooms;
        }

        @OnSubscribe("chat:number:{value}")
        SubscribeReply number(@ChannelVariable Integer value) {
            return data(value);
        }

        @OnSubscribe("chat:date:{value}")
        SubscribeReply date(@ChannelVariable LocalDate value) {
            return data(value.toString());
        }

        @OnSubscribe("chat:uuid:{value}")
        SubscribeReply uuid(@ChannelVariable UUID value) {
            return data(value.toString());
        }

        @OnSubscribe("chat:side:{value}")
        SubscribeReply side(@ChannelVariable Side value) {
            return data(value);
        }

        @OnSubscribe("chat:optional:{value}")
        SubscribeReply optionalNumber(@ChannelVariable Optional<Integer> value) {
            return data(value.orElseThrow());
        }

        @OnSubscribe("chat:room:{value}")
        SubscribeReply room(@ChannelVariable Room value) {
            return data(value.name());
        }

        private static SubscribeReply data(Object value) {
            return SubscribeReply.allow().withData(value);
        }

        @OnRpc
        String email(@AuthenticationPrincipal(expression = "email") @Nullable String email) {
            return String.valueOf(email);
        }

        @OnRpc
        boolean adult(@AuthenticationPrincipal(expression = "age >= 18") boolean adult) {
            return adult;
        }

        @OnRpc
        String strict(@AuthenticationPrincipal(errorOnInvalidType = true) String name) {
            return name;
        }

        @OnRpc
        String principal(@Nullable Principal principal) {
            return principal == null ? "nobody" : principal.getName();
        }

        @OnRpc
        String tenant(Tenant tenant, String text) {
            return tenant.name() + " " + text;
        }

        @OnConnect
        String connect(
                @Header("x-user") String user,
                @Header(name = "x-age", required = false) @Nullable Integer age,
                Locale locale) {
            return user + " " + age + " " + locale;
        }
    }

    /** Parameters that a handler of every kind may have. */
    static class EveryKind {

        private final List<String> seen = new ArrayList<>();

        private String note(String language, Map<String, String> first, Locale locale, @Nullable Principal user) {
            seen.add(language + " " + first.get("X-Trace") + " " + locale + " "
                    + (user == null ? "nobody" : user.getName()));
            return language;
        }

        @OnConnect
        String connect(
                @Header("Accept-Language") String language,
                @Headers Map<String, String> first,
                Locale locale,
                @Nullable Principal user) {
            return note(language, first, locale, user);
        }

        @OnConnected
        void connected(
                @Header("Accept-Language") String language,
                @Headers Map<String, String> first,
                Locale locale,
                @Nullable Principal user) {
            note(language, first, locale, user);
        }

        @OnSubscribe("chat:{room}")
        boolean subscribe(
                @Header("Accept-Language") String language,
                @Headers Map<String, String> first,
                Locale locale,
                @Nullable Principal user) {
            return !note(language, first, locale, user).isEmpty();
        }

        @OnPublish("chat:{room}")
        boolean publish(
                @Header("Accept-Language") String language,
                @Headers Map<String, String> first,
                Locale locale,
                @Nullable Principal user) {
            return !note(language, first, locale, user).isEmpty();
        }

        @OnRpc
        String call(
                @Header("Accept-Language") String language,
                @Headers Map<String, String> first,
                Locale locale,
                @Nullable Principal user) {
            return note(language, first, locale, user);
        }

        @OnSend
        void send(
                @Header("Accept-Language") String language,
                @Headers Map<String, String> first,
                Locale locale,
                @Nullable Principal user) {
            note(language, first, locale, user);
        }

        @OnRefresh
        Instant refresh(
                @Header("Accept-Language") String language,
                @Headers Map<String, String> first,
                Locale locale,
                @Nullable Principal user) {
            note(language, first, locale, user);
            return Instant.EPOCH;
        }

        @OnDisconnect
        void disconnected(
                @Header("Accept-Language") String language,
                @Headers Map<String, String> first,
                Locale locale,
                @Nullable Principal user) {
            note(language, first, locale, user);
        }

        @OnRpc
        int values(@Headers Map<String, List<String>> all) {
            return all.get("X-Trace").size();
        }

        @OnRpc
        String multi(@Headers MultiValueMap<String, String> all) {
            return String.valueOf(all.getFirst("X-Trace"));
        }
    }

    @Test
    void headersLocaleAndPrincipalOfTheHandshakeAreArgumentsOfEveryKind() {
        EveryKind bean = new EveryKind();
        HandlerCalls calls = new HandlerCalls(bean)
                .as(() -> "ann")
                .with(Map.of("accept-language", List.of("de"), "x-trace", List.of("1", "2")));

        calls.everyKind();

        assertThat(bean.seen).hasSize(8).containsOnly("de 1 de ann");
        assertThat(calls.rpc("values", null)).isEqualTo("2");
        assertThat(calls.rpc("multi", null)).isEqualTo("'1'");
        assertThat(calls.with(Map.of()).rpc("call", null)).isEqualTo("107 bad request");
    }

    static class HeadersOfAnotherType {

        @OnRpc
        void call(@Headers Map<String, Integer> headers) {}
    }

    @Test
    void headersOfAnotherTypeAreRefused() {
        assertThatExceptionOfType(InvalidHandlerException.class)
                .isThrownBy(() -> new HandlerCalls(new HeadersOfAnotherType()))
                .withMessageContaining("MultiValueMap<String, String>");
    }

    /** Resolver for a type of the application, by properties of the client. */
    static class TenantResolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Tenant.class;
        }

        @Override
        public Object resolveArgument(MethodParameter parameter, Message<?> message) {
            ClientIdentity client = message.getHeaders().get(HandlerHeaders.CLIENT, ClientIdentity.class);
            return new Tenant("tenant of " + Objects.requireNonNull(client).userId());
        }
    }

    private static HandlerCalls calls() {
        DefaultFormattingConversionService conversion = new DefaultFormattingConversionService();
        conversion.addConverter(String.class, Room.class, Room::new);
        return new HandlerCalls(
                new Arguments(),
                builder -> builder.conversion(() -> conversion).argumentResolvers(() -> List.of(new TenantResolver())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            required    | {'name':'a'}   | 'a'
            required    |                | 107 bad request
            required    | null           | 107 bad request
            required    | 'a'            | 107 bad request
            required    | {'name':       | 107 bad request
            nullable    | {'name':'a'}   | 'a'
            nullable    |                | 'none'
            nullable    | null           | 'none'
            optional    | {'name':'a'}   | 'a'
            optional    |                | 'none'
            optional    | null           | 'none'
            optional    | 7              | 107 bad request
            optionalRaw | 7              | '7'
            optionalRaw |                | 'none'
            raw         | [1]            | '[1]'
            raw         |                | 107 bad request
            bytes       | [1]            | 3
            bytes       |                | 107 bad request
            number      | 7              | 7
            number      | 'x'            | 107 bad request
            number      |                | 107 bad request
            rooms       | [{'name':'a'}] | [{'name':'a'}]
            rooms       | {'name':'a'}   | 107 bad request
            generic     | {'name':'a'}   | 'Room'
            tenant      | 'x'            | 'tenant of ann x'
            principal   |                | 'nobody'
            email       |                | 'null'
            """)
    void dataAndOthers(String method, @Nullable String data, String result) {
        assertThat(calls().rpc(method, data)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            chat:number:7                                  | 7
            chat:number:seven                              | 107 bad request
            chat:date:2026-11-30                           | '2026-11-30'
            chat:date:yesterday                            | 107 bad request
            chat:uuid:6f9619ff-8b86-d011-b42d-00c04fc964ff | '6f9619ff-8b86-d011-b42d-00c04fc964ff'
            chat:uuid:6f9619ff                             | 107 bad request
            chat:side:LEFT                                 | 'LEFT'
            chat:side:UP                                   | 107 bad request
            chat:optional:7                                | 7
            chat:room:lobby                                | 'lobby'
            """)
    void channelVariables(String channel, String result) {
        assertThat(calls().subscribe(channel)).isEqualTo(result);
    }

    @Test
    void expressionsOfPrincipalsAreEvaluated() {
        Principal user = UsernamePasswordAuthenticationToken.authenticated(
                new Account("ann@example.org", 17), null, AuthorityUtils.NO_AUTHORITIES);

        assertThat(calls().as(user).rpc("email", null)).isEqualTo("'ann@example.org'");
        assertThat(calls().as(user).rpc("adult", null)).isEqualTo("false");
        assertThat(calls().as(user).rpc("strict", null)).isEqualTo("100 internal server error");
    }

    @Test
    void headersOfTheHandshakeAndItsLocaleAreArgumentsOfAConnectHandler() {
        assertThat(calls().connect(Map.of(
                        "x-user", List.of("ann"), "x-age", List.of("7"), "accept-language", List.of("de-AT,en;q=0.5"))))
                .isEqualTo("ann 7 de_AT");
        assertThat(calls().connect(Map.of("x-user", List.of("ann"), "accept-language", List.of("fr"))))
                .isEqualTo("ann null fr");
    }

    @Test
    void missingOrUnsuitableHeaderIsABadRequest() {
        assertThat(calls().connect(Map.of())).isEqualTo("107 bad request");
        assertThat(calls().connect(Map.of("x-user", List.of("ann"), "x-age", List.of("x"))))
                .isEqualTo("107 bad request");
    }

    static class Unknown {

        @OnDisconnect
        void gone(Tenant tenant) {}
    }

    @Test
    void parameterThatNoResolverKnowsIsRefused() {
        assertThatExceptionOfType(InvalidHandlerException.class)
                .isThrownBy(() -> new HandlerCalls(new Unknown()))
                .withMessageContaining("HandlerMethodArgumentResolver");
    }
}
