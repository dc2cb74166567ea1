package dev.realtime.protocol;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import org.jspecify.annotations.Nullable;

/** Check that an encoding can carry a push: data that is not JSON cannot be sent to JSON clients. */
public final class PushFit {

    private PushFit() {}

    /** Whether the encoding can carry all the application's data in a push. */
    public static boolean carries(ProtocolCodec codec, Push push) {
        if (push instanceof Push.Pub pub) {
            return carries(codec, pub.publication());
        }
        if (push instanceof Push.Join join) {
            return carries(codec, join.info());
        }
        if (push instanceof Push.Leave leave) {
            return carries(codec, leave.info());
        }
        if (push instanceof Push.Message message) {
            return codec.carries(message.data());
        }
        return !(push instanceof Push.Subscribed subscribed) || carries(codec, subscribed.data());
    }

    /** Whether the encoding can carry a publication. */
    public static boolean carries(ProtocolCodec codec, Publication publication) {
        return codec.carries(publication.data()) && carries(codec, publication.info());
    }

    /** Whether the encoding can carry the infos of a client. */
    public static boolean carries(ProtocolCodec codec, @Nullable ClientInfo info) {
        return info == null || (carries(codec, info.connectionInfo()) && carries(codec, info.channelInfo()));
    }

    /** Whether the encoding can carry these bytes, or there are none. */
    public static boolean carries(ProtocolCodec codec, @Nullable Payload payload) {
        return payload == null || codec.carries(payload);
    }
}
