package dev.realtime.handler.argument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.declaration.InvalidHandlerException;
import dev.realtime.handler.hook.HandlerCalls;
import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.validation.annotation.Validated;
import reactor.core.publisher.Mono;

/** All that a handler asks to be validated is validated, and a violation is error 107. */
class HandlerValidationTests {

    private static ValidatorFactory factory;

    private static Locale before;

    @BeforeAll
    static void openValidator() {
        before = Locale.getDefault();
        Locale.setDefault(Locale.ENGLISH);
        factory = Validation.buildDefaultValidatorFactory();
    }

    @AfterAll
    static void closeValidator() {
        factory.close();
        Locale.setDefault(before);
    }

    interface OnCreate {}

    record Item(@NotBlank String name) {}

    record Basket(@Valid List<Item> items, @Max(10) int count) {}

    record Created(@NotBlank(groups = OnCreate.class) String text) {}

    /** A cascade of the application's own, as Spring lets it be named. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface ValidItem {}

    interface Contract {

        String inherited(@NotBlank String text);
    }

    static class Shop implements Contract {

        @OnRpc
        String cascade(@Valid Basket basket) {
            return "called";
        }

        @OnRpc
        String list(@Valid List<Item> items) {
            return "called";
        }

        @OnRpc
        String elements(List<@Valid Item> items) {
            return "called";
        }

        @OnRpc
        String texts(@NotEmpty List<@NotBlank String> texts) {
            return "called";
        }

        @OnRpc
        String values(Map<String, @Valid Item> items) {
            return "called";
        }

        @OnRpc
        String optional(Optional<@Valid Item> item) {
            return item.isPresent() ? "called" : "called without";
        }

        @OnRpc
        String groups(@Validated(OnCreate.class) Created created) {
            return "called";
        }

        @OnRpc
        String groupsOfElements(@Validated(OnCreate.class) List<Created> created) {
            return "called";
        }

        @OnRpc
        @Validated(OnCreate.class)
        String groupsOfMethod(@Valid Created created) {
            return "called";
        }

        @OnRpc
        String otherGroup(@Valid Created created) {
            return "called";
        }

        @OnRpc
        String direct(@NotBlank @Size(max = 3) String text) {
            return "called";
        }

        @OnRpc
        Mono<String> reactive(@NotBlank String text) {
            return Mono.just("called");
        }

        @OnRpc
        String named(@ValidItem Item item) {
            return "called";
        }

        @Override
        @OnRpc
        public String inherited(String text) {
            return "called";
        }

        @OnSubscribe("chat:{room}")
        boolean subscribe(@ChannelVariable @Pattern(regexp = "[a-z]+") String room) {
            return true;
        }
    }

    private static HandlerCalls calls(boolean expose) {
        return new HandlerCalls(
                new Shop(),
                builder -> builder.validation(new HandlerValidation(factory.getValidator()))
                        .exposeValidationErrors(expose));
    }

    private static final String CASES = """
            cascade          | {'items':[{'name':'a'}],'count':1}  |
            cascade          | {'items':[{'name':' '}],'count':11} | count must be less than or equal to 10; \
            items[0].name must not be blank
            list             | [{'name':'a'}]                      |
            list             | [{'name':' '}]                      | [0].name must not be blank
            elements         | [{'name':'a'},{'name':''}]          | [1].name must not be blank
            texts            | ['a']                               |
            texts            | []                                  | data must not be empty
            texts            | ['a',' ']                           | [1].<list element> must not be blank
            values           | {'x':{'name':''}}                   | [x].name must not be blank
            optional         | {'name':'a'}                        |
            optional         | {'name':''}                         | name must not be blank
            groups           | {'text':'a'}                        |
            groups           | {'text':' '}                        | text must not be blank
            groupsOfElements | [{'text':' '}]                      | text must not be blank
            groupsOfMethod   | {'text':' '}                        | text must not be blank
            otherGroup       | {'text':' '}                        |
            direct           | 'abc'                               |
            direct           | '       '                           | data must not be blank; data size must be \
            between 0 and 3
            reactive         | ' '                                 | data must not be blank
            named            | {'name':' '}                        | name must not be blank
            inherited        | ' '                                 | data must not be blank
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = CASES)
    void violationIsABadRequest(String method, String data, String violation) {
        assertThat(calls(false).rpc(method, data)).isEqualTo(violation == null ? "'called'" : "107 bad request");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = CASES)
    void clientLearnsWhatWasWrongWhereTheApplicationAllowsIt(String method, String data, String violation) {
        assertThat(calls(true).rpc(method, data))
                .isEqualTo(violation == null ? "'called'" : "107 bad request: " + violation);
    }

    @Test
    void otherBadRequestsAreExplainedTheSameWay() {
        assertThat(calls(true).rpc("list", null)).isEqualTo("107 bad request: data is required");
        assertThat(calls(true).rpc("list", "7")).isEqualTo("107 bad request: data is not of its type");
        assertThat(calls(false).rpc("list", null)).isEqualTo("107 bad request");
        assertThat(calls(false).rpc("list", "7")).isEqualTo("107 bad request");
    }

    @Test
    void channelVariablesAreValidated() {
        assertThat(calls(true).subscribe("chat:lobby")).isEmpty();
        assertThat(calls(true).subscribe("chat:LOBBY")).isEqualTo("107 bad request: room must match \"[a-z]+\"");
        assertThat(calls(false).subscribe("chat:LOBBY")).isEqualTo("107 bad request");
    }

    // ---- Without a validator

    static Stream<Object> unchecked() {
        return Stream.of(
                new Object() {
                    @OnRpc
                    void call(@Valid Item item) {}
                },
                new Object() {
                    @OnRpc
                    void call(List<@Valid Item> items) {}
                },
                new Object() {
                    @OnRpc
                    void call(@Validated Item item) {}
                },
                new Object() {
                    @OnRpc
                    void call(@NotBlank String text) {}
                },
                new Object() {
                    @OnRpc
                    void call(Map<String, List<@NotBlank String>> texts) {}
                });
    }

    @ParameterizedTest
    @MethodSource
    void unchecked(Object bean) {
        assertThatExceptionOfType(InvalidHandlerException.class)
                .isThrownBy(() -> new HandlerCalls(bean))
                .withMessageContaining("nothing would be checked")
                .withMessageContaining("spring-boot-starter-validation");
    }
}
