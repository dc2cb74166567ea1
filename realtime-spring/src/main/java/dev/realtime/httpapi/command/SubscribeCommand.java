package dev.realtime.httpapi.command;

import static dev.realtime.httpapi.field.ApiField.BASE64_DATA;
import static dev.realtime.httpapi.field.ApiField.BASE64_INFO;
import static dev.realtime.httpapi.field.ApiField.CHANNEL;
import static dev.realtime.httpapi.field.ApiField.DATA;
import static dev.realtime.httpapi.field.ApiField.EXPIRE_AT;
import static dev.realtime.httpapi.field.ApiField.INFO;
import static dev.realtime.httpapi.field.ApiField.OVERRIDE;
import static dev.realtime.httpapi.field.ApiField.RECOVER_SINCE;
import static dev.realtime.httpapi.field.ApiField.SERVER_TAGS_FILTER;

import dev.realtime.api.SubscribeOptions;
import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.api.data.TagsFilter;
import dev.realtime.httpapi.field.Filters;
import dev.realtime.httpapi.field.Overrides;
import dev.realtime.httpapi.field.RequestData;
import dev.realtime.httpapi.field.StreamPositions;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import dev.realtime.protocol.UnixTime;
import dev.realtime.protocol.json.JsonPayloads;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Command that subscribes connections of a user to a channel. */
record SubscribeCommand(
        Recipients recipients,
        String channel,
        RequestData info,
        RequestData data,
        @Nullable StreamPosition recoverSince,
        long expireAtSeconds,
        SubscribeOverrides overrides,
        Supplier<@Nullable TagsFilter> filter)
        implements ApiCommand {

    static ApiCommand read(JsonInput json) throws MalformedJsonException {
        Recipients recipients = new Recipients();
        String channel = "";
        RequestData info = RequestData.ABSENT;
        RequestData data = RequestData.ABSENT;
        StreamPosition recoverSince = null;
        long expireAt = 0;
        SubscribeOverrides overrides = SubscribeOverrides.NONE;
        Supplier<@Nullable TagsFilter> filter = () -> null;
        while (json.nextField()) {
            if (json.nameIs(CHANNEL)) {
                channel = json.string(CHANNEL);
            } else if (json.nameIs(INFO)) {
                info = info.withJson(JsonPayloads.read(json));
            } else if (json.nameIs(BASE64_INFO)) {
                info = info.withBase64(json.string(BASE64_INFO));
            } else if (json.nameIs(DATA)) {
                data = data.withJson(JsonPayloads.read(json));
            } else if (json.nameIs(BASE64_DATA)) {
                data = data.withBase64(json.string(BASE64_DATA));
            } else if (json.nameIs(RECOVER_SINCE)) {
                recoverSince = StreamPositions.read(json, RECOVER_SINCE);
            } else if (json.nameIs(EXPIRE_AT)) {
                expireAt = json.int64(EXPIRE_AT);
            } else if (json.nameIs(OVERRIDE)) {
                overrides = Overrides.read(json);
            } else if (json.nameIs(SERVER_TAGS_FILTER)) {
                filter = Filters.read(json, SERVER_TAGS_FILTER);
            } else {
                recipients.read(json);
            }
        }
        return new SubscribeCommand(recipients, channel, info, data, recoverSince, expireAt, overrides, filter);
    }

    @Override
    public Mono<ApiResult> run(ApiContext context) {
        SubscribeOptions options = SubscribeOptions.DEFAULTS
                .withConnections(recipients.connections())
                .withInfo(info.payloadOrNull())
                .withData(data.payloadOrNull())
                .withRecoverSince(recoverSince)
                .withExpireAt(UnixTime.moment(expireAtSeconds))
                .withOverrides(overrides)
                .withFilter(filter.get());
        return context.channels().subscribe(recipients.user(), channel, options).thenReturn(ApiResult.EMPTY);
    }
}
