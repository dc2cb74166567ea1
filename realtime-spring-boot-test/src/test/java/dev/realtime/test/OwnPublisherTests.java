package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.verify;

import dev.realtime.api.BroadcastOutcome;
import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.PublishResult;
import dev.realtime.test.autoconfigure.AutoConfigureRealtime;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Publishers that a test or the application brings stay what they are, and clients of other threads are closed. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureRealtime
class OwnPublisherTests {

    @MockitoSpyBean(name = "realtimePublisher")
    private RealtimePublisher publisher;

    @Autowired
    @Qualifier("loudPublisher")
    private LoudPublisher loud;

    @Autowired
    private RealtimeTestClients clients;

    @Test
    void spyStaysASpy() {
        publisher.publish("news:orders", "data").block();

        verify(publisher).publish("news:orders", "data");
    }

    @Test
    void publisherOfTheApplicationIsInjectedByItsClass() {
        assertThat(loud).isInstanceOf(LoudPublisher.class);
    }

    @Test
    void clientOfAnotherThreadIsClosedAfterTheLastTest() {
        RealtimeTestClient ann =
                CompletableFuture.supplyAsync(() -> clients.connectAs("ann")).join();

        clients.closeAll(false);

        assertThatThrownBy(() -> ann.subscribe("news:orders")).hasMessageContaining("Client 'ann' was closed");
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Publishers {

        @Bean(defaultCandidate = false)
        LoudPublisher loudPublisher(@Qualifier("realtimePublisher") RealtimePublisher publisher) {
            return new LoudPublisher(publisher);
        }
    }

    /** A publisher of the application. */
    static class LoudPublisher implements RealtimePublisher {

        private final RealtimePublisher publisher;

        LoudPublisher(RealtimePublisher publisher) {
            this.publisher = publisher;
        }

        @Override
        public Mono<PublishResult> publish(String channel, Object data, PublishOptions options) {
            return publisher.publish(channel, data + "!", options);
        }

        @Override
        public Mono<Void> publishAfterCommit(String channel, Object data, PublishOptions options) {
            return publisher.publishAfterCommit(channel, data + "!", options);
        }

        @Override
        public Flux<BroadcastOutcome> broadcast(Collection<String> channels, Object data, PublishOptions options) {
            return publisher.broadcast(channels, data + "!", options);
        }

        @Override
        public Mono<PublishResult> publishToUser(String userId, Object data, PublishOptions options) {
            return publisher.publishToUser(userId, data + "!", options);
        }
    }
}
