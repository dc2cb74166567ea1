package dev.realtime.connection;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.Payload;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Returns the same result for every subscribe, and records the calls. */
final class ScriptedAuthorizer implements ChannelAuthorizer {

    final List<String> asked = new ArrayList<>();

    Mono<SubscriptionGrant> answer = Mono.empty();

    @Override
    public Mono<SubscriptionGrant> authorizeSubscribe(ClientIdentity client, Channel channel, @Nullable Payload data) {
        asked.add(client.userId() + " " + channel.name() + " " + (data == null ? "-" : data.text()));
        return answer;
    }
}
