package dev.realtime.webflux.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.webflux.api.ApiServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Publishing over the API. */
class PublishTests {

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = ApiServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void withoutHistoryTheResultIsEmpty() {
        Answer answer = server.call("publish", "{\"channel\":\"plain:a\",\"data\":{}}");

        assertThat(answer).isEqualTo(new Answer(200, "application/json", "{\"result\":{}}"));
    }
}
