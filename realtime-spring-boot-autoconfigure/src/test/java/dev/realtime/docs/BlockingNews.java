package dev.realtime.docs;

import dev.realtime.api.data.PublishResult;
import dev.realtime.template.RealtimeTemplate;
import java.util.Map;
import org.springframework.stereotype.Component;

// tag::news[]
@Component
class BlockingNews {

    private final RealtimeTemplate realtime;

    BlockingNews(RealtimeTemplate realtime) {
        this.realtime = realtime;
    }

    PublishResult announce(String headline) {
        return realtime.publish("news:today", Map.of("headline", headline));
    }
}
// end::news[]
