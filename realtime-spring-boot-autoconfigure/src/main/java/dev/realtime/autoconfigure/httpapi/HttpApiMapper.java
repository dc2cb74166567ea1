package dev.realtime.autoconfigure.httpapi;

import dev.realtime.api.RealtimeChannels;
import dev.realtime.api.RealtimeClients;
import dev.realtime.api.RealtimePresence;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.autoconfigure.PropertyRules;
import dev.realtime.autoconfigure.web.EndpointPath;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.httpapi.HttpApi;
import dev.realtime.httpapi.HttpApiOptions;
import dev.realtime.httpapi.command.ApiContext;
import dev.realtime.node.RealtimeNode;

/** The API and its prefix as properties describe them, on every web stack. */
final class HttpApiMapper {

    private static final String PREFIX = "realtime.http-api.prefix";

    private HttpApiMapper() {}

    static HttpApi api(
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
        return new HttpApi(context, options);
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
    static String prefix(RealtimeHttpApiProperties properties) {
        String prefix = properties.prefix();
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
