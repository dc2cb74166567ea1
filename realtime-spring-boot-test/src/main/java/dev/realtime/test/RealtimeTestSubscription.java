package dev.realtime.test;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.test.conversation.DataReader;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Subscription of a test client to one channel. What arrives waits, in order, until the test awaits it; an expectation
 * that is not met fails with what arrived instead and the transcript of the client.
 */
public final class RealtimeTestSubscription {

    private final RealtimeTestClient client;

    private final String channel;

    private final @Nullable SubscribeRequest request;

    private TestReply reply;

    /** @param request {@code null} if the server subscribed the client */
    RealtimeTestSubscription(
            RealtimeTestClient client, String channel, @Nullable SubscribeRequest request, TestReply reply) {
        this.client = client;
        this.channel = channel;
        this.request = request;
        this.reply = reply;
    }

    /** Returns the name of the channel. */
    public String channel() {
        return channel;
    }

    /** Expects the subscribe command to have succeeded. */
    public RealtimeTestSubscription expectSubscribed() {
        reply.expectSuccess();
        return this;
    }

    /**
     * Expects the subscribe command to have been refused.
     *
     * @param code of the error, for instance 103 for "permission denied"
     * @return the error
     */
    public ClientError expectError(int code) {
        return reply.expectError(code);
    }

    /** Expects the last subscribe to have found everything that was missed; it arrives as publications. */
    public RealtimeTestSubscription expectRecovered() {
        recovered(true);
        return this;
    }

    /**
     * Expects the last subscribe not to have found everything that was missed: the client must load its state again.
     */
    public RealtimeTestSubscription expectNotRecovered() {
        recovered(false);
        return this;
    }

    private void recovered(boolean expected) {
        JsonNode result = reply.result();
        if (!result.path("was_recovering").asBoolean(false)) {
            throw client.conversation()
                    .failure("Expected a recovery in '" + channel + "', but the client did not ask for one. It does in"
                            + " reconnect(), if the channel is recoverable: set `force-recovery=true` and a history in"
                            + " its namespace.");
        }
        if (result.path("recovered").asBoolean(false) != expected) {
            throw client.conversation()
                    .failure("Expected `recovered: " + expected + "` in '" + channel + "', but the reply says"
                            + " otherwise: " + result);
        }
    }

    /**
     * Returns the data of the subscribe reply.
     *
     * @param type to which the application's {@code JsonMapper} binds it
     */
    public <T> T data(Class<T> type) {
        return reply.data(type);
    }

    /** Returns the reply to the last subscribe command. */
    public TestReply reply() {
        return reply;
    }

    /**
     * Waits for the next publication in the channel and returns its data.
     *
     * @param type to which the application's {@code JsonMapper} binds it
     * @throws AssertionError if none arrives in time, or its data does not bind to the type
     */
    public <T> T awaitPublication(Class<T> type) {
        return awaitPublication().data(type);
    }

    /** Waits for the next publication in the channel. */
    public ReceivedPublication awaitPublication() {
        expectSubscribed();
        return client.pushes().awaitPublication(channel);
    }

    /**
     * Waits for the next publications in the channel and returns their data, in order.
     *
     * @param count how many
     */
    public <T> List<T> awaitPublications(Class<T> type, int count) {
        return Stream.generate(() -> awaitPublication(type)).limit(count).toList();
    }

    /**
     * Expects that no publication has arrived that the test did not await. In the JVM this is exact for everything that
     * was published before the call; bound to a server it waits for 200 ms.
     */
    public void expectNoPublication() {
        expectSubscribed();
        client.pushes().expectNoPublication(channel);
    }

    /** Waits for the next client that enters the channel. */
    public ClientInfo awaitJoin() {
        expectSubscribed();
        return DataReader.clientInfo(
                client.pushes().await("join", channel).body().path("info"));
    }

    /** Waits for the next client that leaves the channel. */
    public ClientInfo awaitLeave() {
        expectSubscribed();
        return DataReader.clientInfo(
                client.pushes().await("leave", channel).body().path("info"));
    }

    /**
     * Waits for the server to end the subscription.
     *
     * @param code expected, for instance 2500 for "insufficient state"
     */
    public Unsubscribe expectUnsubscribed(int code) {
        expectSubscribed();
        JsonNode body = client.pushes().await("unsubscribe", channel).body();
        Unsubscribe unsubscribe =
                new Unsubscribe(body.path("code").asInt(0), body.path("reason").asString(""));
        if (unsubscribe.code() != code) {
            throw client.conversation()
                    .failure("Expected the subscription to '" + channel + "' to end with " + code
                            + ", but it ended with " + unsubscribe.code() + " '" + unsubscribe.reason() + "'.");
        }
        return unsubscribe;
    }

    /** Publishes into the channel as the client. */
    public TestReply publish(Object data) {
        return client.publish(channel, data);
    }

    /** Reads the whole history of the channel, as far as the server lets a client. */
    public TestHistory history() {
        return client.history(channel);
    }

    /** Reads the presence of the channel. */
    public TestPresence presence() {
        return client.presence(channel);
    }

    /** Ends the subscription. */
    public void unsubscribe() {
        client.unsubscribe(channel).expectSuccess();
    }

    /** Subscribes again, and recovers if the subscription was recoverable, as an SDK does by itself after 2500. */
    public RealtimeTestSubscription resubscribe() {
        if (request == null) {
            throw new IllegalStateException("The server subscribed the client to '" + channel
                    + "', so the client cannot subscribe again. Call reconnect() on the client.");
        }
        reply = client.subscriptions()
                .send(channel, request, client.conversation().position(channel));
        return this;
    }

    /** The reply of a connect that came with this subscription. */
    void connected(TestReply reply) {
        this.reply = reply;
    }

    boolean isOfClient() {
        return request != null;
    }

    boolean isRefused() {
        return reply.failed();
    }
}
