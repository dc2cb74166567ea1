package dev.realtime.handler.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.handler.ShopHandlers;
import dev.realtime.spi.transport.RawWebSocketClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/** Clients on real sockets call the handlers of an application, as users of different rights. */
@SpringBootTest(
        classes = HandlersIntegrationTests.Shop.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.main.web-application-type=reactive",
            "realtime.channel.namespaces.shop.allow-presence-for-subscriber=false",
            "realtime.channel.namespaces.clock.presence=false",
            "realtime.client.handler-timeout=5s",
            "realtime.handlers.concurrency=2",
            "realtime.handlers.queue-size=1"
        })
@DirtiesContext
class HandlersIntegrationTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableReactiveMethodSecurity
    @Import(ShopHandlers.class)
    static class Shop {

        /** Stands for whatever authenticates requests: the user and its rights are in headers. */
        @Bean
        WebFilter userOfHeader() {
            return (exchange, chain) -> {
                String user = exchange.getRequest().getHeaders().getFirst("User");
                if (user == null) {
                    return chain.filter(exchange);
                }
                var authorities =
                        AuthorityUtils.createAuthorityList(user.startsWith("root") ? "ROLE_ADMIN" : "ROLE_USER");
                var authentication = UsernamePasswordAuthenticationToken.authenticated(user, null, authorities);
                return chain.filter(
                        exchange.mutate().principal(Mono.just(authentication)).build());
            };
        }
    }

    @LocalServerPort
    private int port;

    @Autowired
    private ShopHandlers handlers;

    private RawWebSocketClient client;

    @BeforeEach
    void connectAsAnn() throws IOException {
        handlers.told().clear();
        client = open("ann");
        assertThat(ask("{'id':1,'connect':{}}")).contains("'data':{'hello':'ann'}");
    }

    @AfterEach
    void close() throws IOException {
        client.close();
    }

    private RawWebSocketClient open(String user) throws IOException {
        return RawWebSocketClient.connect(port, "/connection/websocket", "User: " + user);
    }

    private void become(String user) throws IOException {
        client.close();
        client = open(user);
        ask("{'id':1,'connect':{}}");
    }

    private String reconnect(String user, String data) throws IOException {
        client.close();
        client = open(user);
        return ask("{'id':1,'connect':{'data':" + data + "}}");
    }

    private String ask(String command) throws IOException {
        client.sendText(command.replace('\'', '"'));
        return read();
    }

    private String read() throws IOException {
        RawWebSocketClient.Frame frame = client.read();
        return frame.opcode() == RawWebSocketClient.CLOSE
                ? "closed " + frame.closeCode() + " " + frame.closeReason()
                : frame.text().replace('"', '\'');
    }

    private String subscribe(String channel) throws IOException {
        return ask("{'id':2,'subscribe':{'channel':'" + channel + "'}}");
    }

    private String rpc(String method, String data) throws IOException {
        return ask("{'id':3,'rpc':{'method':'" + method + "'" + (data.isEmpty() ? "" : ",'data':" + data) + "}}");
    }

    /** Waits until a handler was notified of this; clients of earlier tests may still be disconnecting. */
    private void awaitTold(String expected) throws InterruptedException {
        String told = "";
        while (told != null && !told.equals(expected)) {
            told = handlers.told().poll(10, TimeUnit.SECONDS);
        }
        assertThat(told).isEqualTo(expected);
    }

    // ---- Connect

    @Test
    void connectHandlerMayRefuse() throws IOException {
        try (RawWebSocketClient other = RawWebSocketClient.connect(port, "/connection/websocket")) {
            client.close();
            client = other;

            assertThat(ask("{'id':1,'connect':{'data':{'refuse':'x'}}}")).isEqualTo("closed 4501 not today");
        }
    }

    @Test
    void connectHandlerThatReturnsNothingRefusesWithoutCredentials() throws IOException {
        try (RawWebSocketClient other = RawWebSocketClient.connect(port, "/connection/websocket")) {
            client.close();
            client = other;

            assertThat(ask("{'id':1,'connect':{}}")).isEqualTo("closed 3501 bad request");
        }
    }

    @Test
    void connectDataOfAnotherShapeIsABadRequest() throws IOException {
        client.close();
        client = open("bob");

        assertThat(ask("{'id':1,'connect':{'data':[1]}}"))
                .isEqualTo("{'id':1,'error':{'code':107,'message':'bad request'}}");
    }

    @Test
    void authoritiesOfTheConnectReplyReplaceThoseOfTheRequest() throws IOException {
        assertThat(rpc("admin-reactive", "")).contains("'code':103");

        reconnect("ann", "{'authority':'ROLE_ADMIN'}");
        assertThat(rpc("admin-reactive", "")).isEqualTo("{'id':3,'rpc':{'data':'sue'}}");

        reconnect("root", "{'authority':'ROLE_USER'}");
        assertThat(rpc("admin-reactive", "")).contains("'code':103");
    }

    @Test
    void principalOfTheConnectReplyIsTheUserOfHandlersAndMethodSecurity() throws IOException {
        reconnect("ann", "{'principal':'boss'}");

        assertThat(rpc("who", "")).isEqualTo("{'id':3,'rpc':{'data':'boss of boss'}}");
        assertThat(rpc("admin-reactive", "")).isEqualTo("{'id':3,'rpc':{'data':'boss'}}");
    }

    @Test
    void metaOfTheConnectReplyIsForHandlersAlone() throws IOException {
        assertThat(rpc("meta", "")).isEqualTo("{'id':3,'rpc':{}}");

        assertThat(reconnect("ann", "{'authority':'ROLE_USER'}"))
                .contains("'connect':")
                .doesNotContain("late");
        assertThat(rpc("meta", "")).isEqualTo("{'id':3,'rpc':{'data':{'shift':'late'}}}");
    }

    @Test
    void refreshHandlerRenewsWhatExpires() throws Exception {
        client.close();
        client = open("eve");
        ask("{'id':1,'connect':{'data':{'expire':'soon'}}}");

        awaitTold("refresh eve");
        assertThat(rpc("nothing", "")).isEqualTo("{'id':3,'rpc':{}}");
    }

    @Test
    void disconnectHandlerIsToldWhoIsGoneAndWhy() throws Exception {
        client.close();

        awaitTold("disconnect ann 3000");
    }

    // ---- Subscribe

    @Test
    void resultOfASubscribeHandlerIsTheDataOfTheReply() throws IOException {
        assertThat(subscribe("shop:books"))
                .startsWith("{'id':2,'subscribe':{'data':{")
                .contains("'name':'books'", "'channel':'shop:books'", "'user':'ann'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            shop:open       | {'id':2,'subscribe':{}}
            shop:closed     | {'id':2,'error':{'code':103,'message':'permission denied'}}
            shop:side-LEFT  | {'id':2,'subscribe':{'data':'LEFT'}}
            shop:side-UP    | {'id':2,'error':{'code':107,'message':'bad request'}}
            shop:full       | {'id':2,'error':{'code':1001,'message':'full','temporary':true}}
            shop:broken     | {'id':2,'error':{'code':100,'message':'internal server error','temporary':true}}
            """)
    void subscribeHandlerDecides(String channel, String reply) throws IOException {
        assertThat(subscribe(channel)).isEqualTo(reply);
    }

    @Test
    void channelsWithoutAHandlerStayClosed() throws IOException {
        assertThat(subscribe("other")).contains("'code':103");
    }

    @Test
    void handlerThatTakesTooLongIsATemporaryError() throws IOException {
        assertThat(subscribe("shop:slow")).contains("'error':{'code':100", "'temporary':true");
    }

    @Test
    void connectedHandlerIsNotified() throws Exception {
        become("eve");

        awaitTold("connected eve");
    }

    @Test
    void subscribedHandlerIsNotifiedAfterThePermission() throws Exception {
        subscribe("shop:closed");
        subscribe("shop:open");

        awaitTold("subscribed open ann");
        assertThat(handlers.told()).doesNotContain("subscribed closed ann");
    }

    @Test
    void unsubscribeHandlerIsTold() throws Exception {
        subscribe("shop:open");

        ask("{'id':4,'unsubscribe':{'channel':'shop:open'}}");

        awaitTold("unsubscribe open 0");
    }

    // ---- Feeds

    @Test
    void feedReachesItsSubscriberUntilItUnsubscribes() throws Exception {
        assertThat(subscribe("clock:utc")).isEqualTo("{'id':2,'subscribe':{}}");
        assertThat(read()).contains("'channel':'clock:utc'", "'zone':'utc'", "'tick':0");
        assertThat(read()).contains("'tick':1");

        client.sendText("{\"id\":4,\"unsubscribe\":{\"channel\":\"clock:utc\"}}");

        awaitTold("cancelled utc");
    }

    @Test
    void feedIsCancelledWhenTheClientIsGone() throws Exception {
        subscribe("clock:utc");

        client.close();

        awaitTold("cancelled utc");
    }

    @Test
    void feedThatEndsUnsubscribes() throws IOException {
        subscribe("clock:short");

        assertThat(Arrays.asList(read(), read(), read()))
                .containsExactly(
                        "{'push':{'channel':'clock:short','pub':{'data':'tick'}}}",
                        "{'push':{'channel':'clock:short','pub':{'data':'tock'}}}",
                        "{'push':{'channel':'clock:short','unsubscribe':{'code':2000,"
                                + "'reason':'server unsubscribe'}}}");
    }

    @Test
    void feedIsDeniedBeforeTheReplyAndRunsAsTheUser() throws IOException {
        assertThat(subscribe("clock:admin")).contains("'error':{'code':103");

        become("root");
        assertThat(subscribe("clock:admin")).isEqualTo("{'id':2,'subscribe':{}}");
        assertThat(read()).contains("'data':'root'");
    }

    // ---- Publish

    private String publish(String channel, String data) throws IOException {
        return ask("{'id':5,'publish':{'channel':'" + channel + "','data':" + data + "}}");
    }

    @Test
    void publishHandlerValidatesAndChanges() throws IOException {
        subscribe("shop:books");

        client.sendText("{\"id\":5,\"publish\":{\"channel\":\"shop:books\",\"data\":{\"item\":\"ink\",\"count\":2}}}");

        assertThat(read() + read()).contains("'item':'INK'", "'count':2", "'id':5,'publish':{}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'item':'','count':1}
            {'item':'ink','count':11}
            {'item':{},'count':1}
            'ink'
            null
            """)
    void badDataNeverReachesTheHandler(String data) throws IOException {
        assertThat(publish("shop:books", data)).isEqualTo("{'id':5,'error':{'code':107,'message':'bad request'}}");
    }

    @Test
    void publishHandlerMayAddTags() throws IOException {
        subscribe("shop:tagged");

        client.sendText("{\"id\":5,\"publish\":{\"channel\":\"shop:tagged\",\"data\":\"hey\"}}");

        assertThat(read() + read()).contains("'data':'hey!'", "'tags':{'by':'handler'}");
    }

    @Test
    void publishHandlerDecidesByItsResult() throws IOException {
        assertThat(publish("shop:open", "1")).isEqualTo("{'id':5,'publish':{}}");
        assertThat(publish("shop:open", "'far too long'")).contains("'code':103");
    }

    // ---- Calls

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            sum     | [1,2,3]                  | {'id':3,'rpc':{'data':6}}
            sum     | ['a']                    | {'id':3,'error':{'code':107,'message':'bad request'}}
            sum     | ""                       | {'id':3,'error':{'code':107,'message':'bad request'}}
            order   | {'item':'ink','count':2} | {'id':3,'rpc':{'data':'ordered ink'}}
            order   | {'item':'','count':2}    | {'id':3,'error':{'code':107,'message':'bad request'}}
            nothing | ""                       | {'id':3,'rpc':{}}
            header  | ""                       | {'id':3,'rpc':{'data':'ann'}}
            unnamed | ""                       | {'id':3,'rpc':{'data':'called'}}
            absent  | ""                       | {'id':3,'error':{'code':104,'message':'method not found'}}
            fail    | 1999                     | {'id':3,'error':{'code':1999,'message':'as you like'}}
            fail    | 4000                     | closed 4000 as you like
            fail    | 100                      | {'id':3,'error':{'code':100,'message':'internal server error','temporary':true}}
            """)
    void callsAreAnswered(String method, String data, String reply) throws IOException {
        assertThat(rpc(method, data)).isEqualTo(reply);
    }

    @Test
    void exceptionBecomesTheErrorThatItsHandlerReturns() throws IOException {
        assertThat(rpc("buy", "'lamp'")).isEqualTo("{'id':3,'error':{'code':410,'message':'sold out: lamp'}}");
    }

    @Test
    void methodThatMayBlockRunsOnAThreadOfItsOwn() throws IOException {
        assertThat(rpc("thread", "")).contains("'data':'realtime-handler-");
    }

    @Test
    void callsOverTheBulkheadAreRefused() throws Exception {
        List<RawWebSocketClient> busy = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            RawWebSocketClient one = open("busy" + i);
            one.sendText("{\"id\":1,\"connect\":{}}");
            one.read();
            busy.add(one);
        }

        for (RawWebSocketClient one : busy) {
            one.sendText("{\"id\":3,\"rpc\":{\"method\":\"slow\"}}");
        }

        // Two run and one waits; they get no answer in time, the other three are refused.
        List<String> replies = new ArrayList<>();
        for (RawWebSocketClient one : busy) {
            replies.add(one.read().text());
            one.close();
        }
        assertThat(replies).filteredOn(reply -> reply.contains("\"code\":111")).hasSize(3);
        assertThat(replies).filteredOn(reply -> reply.contains("\"code\":100")).hasSize(3);
    }

    // ---- Users

    @Test
    void reactiveMethodSecurityDecidesByTheUserOfTheClient() throws IOException {
        assertThat(rpc("admin-reactive", "")).isEqualTo("{'id':3,'error':{'code':103,'message':'permission denied'}}");

        become("root");
        assertThat(rpc("admin-reactive", "")).isEqualTo("{'id':3,'rpc':{'data':'root'}}");
    }

    @Test
    void principalsAreArguments() throws IOException {
        assertThat(rpc("who", "")).isEqualTo("{'id':3,'rpc':{'data':'ann of ann'}}");
    }

    // ---- Messages

    @Test
    void messagesReachTheirHandler() throws Exception {
        client.sendText("{\"send\":{\"data\":{\"item\":\"ink\",\"count\":1}}}");

        awaitTold("message ink");
    }
}
