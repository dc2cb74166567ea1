package dev.realtime.protocol;

import dev.realtime.json.WireWriter;

/** One method for each kind of {@link Push}, so that an encoding that leaves one out does not compile. */
public interface PushWriter {

    void publication(WireWriter out, Push.Pub push);

    void join(WireWriter out, Push.Join push);

    void leave(WireWriter out, Push.Leave push);

    void unsubscribed(WireWriter out, Push.Unsubscribed push);

    void subscribed(WireWriter out, Push.Subscribed push);

    void message(WireWriter out, Push.Message push);

    void connected(WireWriter out, Push.Connected push);

    void disconnected(WireWriter out, Push.Disconnected push);

    void refreshed(WireWriter out, Push.Refreshed push);
}
