package dev.realtime.protocol;

import com.google.protobuf.ByteString;
import dev.realtime.api.data.Payload;
import dev.realtime.protocol.wire.Wire;
import org.jspecify.annotations.Nullable;

/** Commands of a Protobuf client as messages of generated classes. */
final class ProtobufCommandEncoder {

    private ProtobufCommandEncoder() {}

    static Wire.Command command(Command command) {
        Wire.Command.Builder builder = Wire.Command.newBuilder().setId((int) command.id());
        Request request = command.request();
        if (request instanceof Request.Connect connect) {
            builder.setConnect(connect(connect));
        } else if (request instanceof Request.Subscribe subscribe) {
            builder.setSubscribe(subscribe(subscribe));
        } else if (request instanceof Request.Unsubscribe unsubscribe) {
            builder.getUnsubscribeBuilder().setChannel(unsubscribe.channel());
        } else if (request instanceof Request.Publish publish) {
            builder.getPublishBuilder().setChannel(publish.channel()).setData(bytes(publish.data()));
        } else if (request instanceof Request.Presence presence) {
            builder.getPresenceBuilder().setChannel(presence.channel());
        } else if (request instanceof Request.PresenceStats stats) {
            builder.getPresenceStatsBuilder().setChannel(stats.channel());
        } else if (request instanceof Request.History history) {
            builder.setHistory(history(history));
        } else if (request instanceof Request.Rpc rpc) {
            builder.getRpcBuilder().setMethod(rpc.method()).setData(bytes(rpc.data()));
        } else if (request instanceof Request.Send send) {
            builder.getSendBuilder().setData(bytes(send.data()));
        } else if (request instanceof Request.Refresh refresh) {
            builder.getRefreshBuilder().setToken(refresh.token());
        } else if (request instanceof Request.SubRefresh refresh) {
            builder.getSubRefreshBuilder().setChannel(refresh.channel()).setToken(refresh.token());
        }
        return builder.build();
    }

    private static Wire.ConnectRequest connect(Request.Connect connect) {
        Wire.ConnectRequest.Builder builder = Wire.ConnectRequest.newBuilder()
                .setToken(connect.token())
                .setData(bytes(connect.data()))
                .setName(connect.name())
                .setVersion(connect.version())
                .putAllHeaders(connect.headers());
        connect.subs().forEach((channel, sub) -> builder.putSubs(channel, subscribe(sub.withChannel(""))));
        return builder.build();
    }

    private static Wire.SubscribeRequest subscribe(Request.Subscribe subscribe) {
        Wire.SubscribeRequest.Builder builder = Wire.SubscribeRequest.newBuilder()
                .setChannel(subscribe.channel())
                .setToken(subscribe.token())
                .setRecover(subscribe.recover())
                .setEpoch(subscribe.epoch())
                .setOffset(subscribe.offset())
                .setData(bytes(subscribe.data()))
                .setPositioned(subscribe.positioned())
                .setRecoverable(subscribe.recoverable())
                .setJoinLeave(subscribe.joinLeave())
                .setDelta(subscribe.delta())
                .setFlag(subscribe.flag())
                .setType(subscribe.type());
        if (subscribe.tagsFilter() != null) {
            builder.setTf(filter(subscribe.tagsFilter()));
        }
        return builder.build();
    }

    private static Wire.FilterNode filter(FilterNode filter) {
        return Wire.FilterNode.newBuilder()
                .setOp(filter.operation())
                .setKey(filter.key())
                .setCmp(filter.comparison())
                .setVal(filter.value())
                .addAllVals(filter.values())
                .addAllNodes(filter.nodes().stream()
                        .map(ProtobufCommandEncoder::filter)
                        .toList())
                .build();
    }

    private static Wire.HistoryRequest history(Request.History history) {
        Wire.HistoryRequest.Builder builder = Wire.HistoryRequest.newBuilder()
                .setChannel(history.channel())
                .setLimit(history.limit())
                .setReverse(history.reverse());
        if (history.since() != null) {
            builder.getSinceBuilder()
                    .setOffset(history.since().offset())
                    .setEpoch(history.since().epoch());
        }
        return builder.build();
    }

    private static ByteString bytes(@Nullable Payload payload) {
        return payload == null ? ByteString.EMPTY : ByteString.copyFrom(payload.bytes());
    }
}
