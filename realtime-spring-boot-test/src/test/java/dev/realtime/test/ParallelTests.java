package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.test.ChatHandlers.Message;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** Tests that run at the same time in one application context, which is not that of tests with faults. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE, properties = "test.parallel=true")
@AutoConfigureRealtime
@Execution(ExecutionMode.CONCURRENT)
class ParallelTests {

    private static final Set<String> ids = ConcurrentHashMap.newKeySet();

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private PublicationRecorder recorder;

    @Autowired
    private RealtimePublisher publisher;

    @RepeatedTest(20)
    void testsDoNotMeet(RepetitionInfo repetition) {
        String channel = "news:parallel-" + repetition.getCurrentRepetition();
        RealtimeTestClient client = clients.client().named("reader").connect();
        RealtimeTestSubscription news = client.subscribe(channel).expectSubscribed();

        publisher.publish(channel, new Message(channel)).block();

        assertThat(news.awaitPublication(Message.class).text()).isEqualTo(channel);
        client.expectNoPublication();
        assertThat(recorder).hasPublications(channel, 1);
        assertThat(ids.add(client.id())).as("a client of its own").isTrue();
        assertThat(client.isConnected()).isTrue();
    }
}
