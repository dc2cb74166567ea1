package dev.realtime.autoconfigure.actuate;

import dev.realtime.actuate.RealtimeInfoContributor;
import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.node.RealtimeNode;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Part {@code realtime} of the info endpoint. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
@ConditionalOnNode
@ConditionalOnEnabledInfoContributor("realtime")
public final class RealtimeInfoAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    RealtimeInfoContributor realtimeInfoContributor(RealtimeNode node) {
        return new RealtimeInfoContributor(node);
    }
}
