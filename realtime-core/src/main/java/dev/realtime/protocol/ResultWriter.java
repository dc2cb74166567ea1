package dev.realtime.protocol;

import dev.realtime.json.WireWriter;

/** One method for each kind of {@link Result}, so that an encoding that leaves one out does not compile. */
public interface ResultWriter {

    void connect(WireWriter out, Result.Connect result);

    void subscribe(WireWriter out, Result.Subscribe result);

    void unsubscribe(WireWriter out, Result.Unsubscribe result);

    void publish(WireWriter out, Result.Publish result);

    void presence(WireWriter out, Result.Presence result);

    void presenceStats(WireWriter out, Result.PresenceStats result);

    void history(WireWriter out, Result.History result);

    void rpc(WireWriter out, Result.Rpc result);

    void refresh(WireWriter out, Result.Refresh result);

    void subRefresh(WireWriter out, Result.SubRefresh result);
}
