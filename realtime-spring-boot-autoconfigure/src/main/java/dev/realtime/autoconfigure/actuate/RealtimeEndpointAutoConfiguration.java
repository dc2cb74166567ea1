package dev.realtime.autoconfigure.actuate;

import dev.realtime.actuate.RealtimeEndpoint;
import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.server.RealtimeServer;
import dev.realtime.channel.Namespaces;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Actuator endpoint {@code realtime}, where the application exposes it. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnNode
public final class RealtimeEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    RealtimeEndpoint realtimeEndpoint(
            RealtimeClients clients,
            RealtimeChannels channels,
            Namespaces namespaces,
            ObjectProvider<RealtimeServer> server) {
        RealtimeServer ownPort = server.getIfAvailable();
        return new RealtimeEndpoint(clients, channels, namespaces, ownPort == null ? null : ownPort::port);
    }
}
