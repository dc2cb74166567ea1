package dev.realtime.conformance;

import static dev.realtime.conformance.JavaSdkClient.answer;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.DuplicateSubscriptionException;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.JoinEvent;
import io.github.centrifugal.centrifuge.LeaveEvent;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Subscription of the official Java SDK, with its received events. */
final class JavaSdkSubscription extends SubscriptionEventListener {

    final Inbox<SubscribedEvent> subscribed = new Inbox<>("subscribed");

    final Inbox<UnsubscribedEvent> unsubscribed = new Inbox<>("unsubscribed");

    final Inbox<PublicationEvent> heard = new Inbox<>("publication");

    final Inbox<JoinEvent> joins = new Inbox<>("join");

    final Inbox<LeaveEvent> leaves = new Inbox<>("leave");

    private final Subscription sdk;

    JavaSdkSubscription(Client client, String channel, SubscriptionOptions options) {
        try {
            sdk = client.newSubscription(channel, options, this);
        } catch (DuplicateSubscriptionException twice) {
            throw new AssertionError(twice);
        }
    }

    Subscription sdk() {
        return sdk;
    }

    void publish(String data) throws Exception {
        JavaSdkClient.<PublishResult>answer(callback -> sdk.publish(data.getBytes(StandardCharsets.UTF_8), callback));
    }

    /** Publishes the numbers of a range, both ends included, one after another. */
    void publish(int first, int last) throws Exception {
        for (int number = first; number <= last; number++) {
            publish(String.valueOf(number));
        }
    }

    HistoryResult history(HistoryOptions options) throws Exception {
        return answer(callback -> sdk.history(options, callback));
    }

    /** The next publications, as text. */
    List<String> hears(int count) {
        return heard.next(count).stream()
                .map(publication -> new String(publication.getData(), StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void onSubscribed(Subscription subscription, SubscribedEvent event) {
        subscribed.add(event);
    }

    @Override
    public void onUnsubscribed(Subscription subscription, UnsubscribedEvent event) {
        unsubscribed.add(event);
    }

    @Override
    public void onPublication(Subscription subscription, PublicationEvent event) {
        heard.add(event);
    }

    @Override
    public void onJoin(Subscription subscription, JoinEvent event) {
        joins.add(event);
    }

    @Override
    public void onLeave(Subscription subscription, LeaveEvent event) {
        leaves.add(event);
    }
}
