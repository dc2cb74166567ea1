package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.centrifugal.centrifuge.RPCResult;
import io.github.centrifugal.centrifuge.ReplyError;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The official Java SDK calls methods in the server. A reference server has none, so it is never one. */
@ExtendWith(ConformanceServer.Ours.class)
class JavaSdkHandlersConformanceTests {

    private JavaSdkClient client;

    @BeforeEach
    void connect(URI server) {
        client = new JavaSdkClient(server);
        client.connect();
    }

    @AfterEach
    void closeClient() throws InterruptedException {
        client.close();
    }

    private String call(String method, String data) throws Exception {
        RPCResult result = JavaSdkClient.answer(
                callback -> client.sdk().rpc(method, data.getBytes(StandardCharsets.UTF_8), callback));
        return new String(result.getData(), StandardCharsets.UTF_8);
    }

    private static void assertRefused(ThrowingCallable call, int code, String message) {
        assertThatThrownBy(call)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(ReplyError.class))
                .satisfies(error -> {
                    assertThat(error.getCode()).isEqualTo(code);
                    assertThat(error.getMessage()).isEqualTo(message);
                });
    }

    @Test
    void callIsAnsweredByTheMethodOfItsName() throws Exception {
        assertThat(call("sum", "[1,2,3]")).isEqualTo("6");
    }

    @Test
    void callOfAnUnknownMethodIsRefused() {
        assertRefused(() -> call("absent", "{}"), 104, "method not found");
    }

    @Test
    void callWithDataOfAnotherShapeIsRefused() {
        assertRefused(() -> call("sum", "{\"not\":\"a list\"}"), 107, "bad request");
    }

    @Test
    void methodRefusesWithACodeOfTheApplication() {
        assertRefused(() -> call("refuse", "1234"), 1234, "as asked");
    }

    @Test
    void methodEndsTheConnectionForGood() {
        client.sdk().rpc("refuse", "4567".getBytes(StandardCharsets.UTF_8), (error, result) -> {});

        assertThat(client.disconnected.next().getCode()).isEqualTo(4567);
    }

    @Test
    void resultOfASubscribeMethodComesWithTheSubscription() {
        JavaSdkSubscription subscription = client.subscribe("handled:bob", new SubscriptionOptions());

        byte[] data = subscription.subscribed.next().getData();

        assertThat(new String(data, StandardCharsets.UTF_8)).isEqualTo("{\"welcome\":\"bob\"}");
    }

    @Test
    void publishMethodChangesWhatIsPublished() throws Exception {
        JavaSdkSubscription subscription = client.subscribed("handled:" + UUID.randomUUID());

        subscription.publish("{\"text\":\"hey\"}");

        assertThat(subscription.hears(1)).containsExactly("{\"text\":\"hey!\"}");
    }

    @Test
    void publishMethodNeverSeesDataThatViolatesItsConstraints() throws Exception {
        JavaSdkSubscription subscription = client.subscribed("handled:" + UUID.randomUUID());

        assertRefused(() -> subscription.publish("{\"text\":\" \"}"), 107, "bad request");

        assertThat(subscription.heard.isEmpty()).isTrue();
    }

    @Test
    void feedComesInOrderUntilTheSubscriberLeaves() {
        JavaSdkSubscription subscription = client.subscribed("fed:" + UUID.randomUUID());

        List<Integer> heard =
                subscription.hears(5).stream().map(Integer::valueOf).toList();
        subscription.sdk().unsubscribe();

        assertThat(heard).isSorted().doesNotHaveDuplicates();
        assertThat(subscription.unsubscribed.next().getCode()).isZero();
    }

    @Test
    void feedThatEndsEndsTheSubscription() {
        JavaSdkSubscription subscription = client.subscribe("fed:short-one", new SubscriptionOptions());

        List<String> heard = subscription.hears(2);
        UnsubscribedEvent unsubscribed = subscription.unsubscribed.next();

        assertThat(heard).containsExactly("\"tick\"", "\"tock\"");
        assertThat(unsubscribed.getCode()).isEqualTo(2000);
        assertThat(unsubscribed.getReason()).isEqualTo("server unsubscribe");
    }
}
