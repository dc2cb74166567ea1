package dev.realtime.docs;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.data.PublishResult;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

// tag::news[]
@Component
class News {

    private final RealtimePublisher publisher;

    News(RealtimePublisher publisher) {
        this.publisher = publisher;
    }

    Mono<PublishResult> announce(String headline) {
        return publisher.publish("news:today", Map.of("headline", headline));
    }
}
// end::news[]
