package dev.realtime.autoconfigure.httpapi;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.web.EndpointPath;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.httpapi.HttpApi;
import dev.realtime.httpapi.HttpApiOptions;
import dev.realtime.httpapi.command.ApiContext;
import dev.realtime.node.RealtimeNode;
import dev.realtime.webflux.api.RealtimeHttpApiMapping;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.DispatcherHandler;

/**
 * Server HTTP API of a reactive web application, if it has a key. It maps one path per method and nothing else.
 */
@AutoConfiguration(
        after = RealtimeAutoConfiguration.class,
        afterName = "org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration")
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnClass({DispatcherHandler.class, RealtimeHttpApiMapping.class})
@ConditionalOnBean(RealtimeNode.class)
@ConditionalOnChoice(RunTimeChoice.HTTP_API)
@EnableConfigurationProperties(RealtimeHttpApiProperties.class)
public final class RealtimeHttpApiAutoConfiguration {

    private static final String PREFIX = "realtime.http-api.prefix";

    @Bean
    @ConditionalOnMissingBean
    RealtimeHttpApiMapping realtimeHttpApiMapping(
            RealtimeHttpApiProperties properties,
            RealtimePublisher publisher,
            RealtimeChannels channels,
            RealtimePresence presence,
            RealtimeClients clients,
            RealtimeNode node) {
        HttpApiOptions options = options(properties);
        ApiContext context = new ApiContext(
                publisher,
                channels,
                presence,
                clients,
                () -> node.callbacks().rpcHandler(),
                node.clientOptions().handlerTimeout(),
                options.maxBroadcastChannels());
        return new RealtimeHttpApiMapping(
                prefix(properties.prefix()),
                RealtimeHttpApiMapping.DEFAULT_ORDER,
                HttpApiSecurity.key(properties),
                new HttpApi(context, options));
    }

    private static HttpApiOptions options(RealtimeHttpApiProperties properties) {
        return new HttpApiOptions(
                properties.errorMode(),
                PropertyRules.positiveBytes(
                        "realtime.http-api.max-body-size", properties.maxBodySize(), "so no request would fit"),
                PropertyRules.positive(
                        "realtime.http-api.max-batch-size", properties.maxBatchSize(), "so no batch would fit"),
                PropertyRules.positive(
                        "realtime.http-api.max-broadcast-channels",
                        properties.maxBroadcastChannels(),
                        "so no broadcast would fit"),
                PropertyRules.positive(
                        "realtime.http-api.read-timeout",
                        properties.readTimeout(),
                        "so no request could arrive in time"));
    }

    /** @throws ConfigurationProblemException if no exact path could begin with it */
    private static String prefix(String prefix) {
        if (prefix.isEmpty() || prefix.equals("/")) {
            return "";
        }
        EndpointPath.check(PREFIX, prefix);
        if (prefix.endsWith("/")) {
            throw new ConfigurationProblemException(
                    PREFIX,
                    "`%s` is `%s`, but the slash before the method is added to it.".formatted(PREFIX, prefix),
                    "Remove the slash at its end.");
        }
        return prefix;
    }
}
