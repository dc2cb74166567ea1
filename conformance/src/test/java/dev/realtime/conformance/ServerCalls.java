package dev.realtime.conformance;

import dev.realtime.api.ConnectionFilter;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.protocol.Disconnect;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Lets scenarios act as the application, through its beans. Shaped like Centrifugo's server API, so that they run there too. */
@RestController
@RequestMapping("/api")
class ServerCalls {

    private final RealtimePublisher publisher;

    private final RealtimeChannels channels;

    private final RealtimeClients clients;

    ServerCalls(RealtimePublisher publisher, RealtimeChannels channels, RealtimeClients clients) {
        this.publisher = publisher;
        this.channels = channels;
        this.clients = clients;
    }

    @PostMapping("/publish")
    Mono<Map<String, String>> publish(@RequestBody Publication publication) {
        return publisher.publish(publication.channel(), publication.data()).thenReturn(Map.of());
    }

    @PostMapping("/history_remove")
    Mono<Map<String, String>> removeHistory(@RequestBody Place place) {
        return channels.removeHistory(place.channel()).thenReturn(Map.of());
    }

    @PostMapping("/subscribe")
    Mono<Map<String, String>> subscribe(@RequestBody Place place) {
        return channels.subscribe(place.user(), place.channel()).thenReturn(Map.of());
    }

    @PostMapping("/unsubscribe")
    Mono<Map<String, String>> unsubscribe(@RequestBody Place place) {
        return channels.unsubscribe(place.user(), place.channel()).thenReturn(Map.of());
    }

    @PostMapping("/disconnect")
    Mono<Map<String, String>> disconnect(@RequestBody Goodbye goodbye) {
        Disconnect disconnect = goodbye.disconnect() == null ? Disconnect.FORCE_DISCONNECT : goodbye.disconnect();
        return clients.disconnect(goodbye.user(), ConnectionFilter.ALL, disconnect, Set.of())
                .thenReturn(Map.of());
    }

    record Publication(String channel, JsonNode data) {}

    record Place(String user, String channel) {}

    record Goodbye(String user, @Nullable Disconnect disconnect) {}
}
