package dev.realtime.protocol;

/**
 * One method for each kind of {@link Request}, so that a kind without a handler does not compile.
 *
 * @param <C> type of the sender
 */
public interface RequestHandler<C> {

    void connect(C client, long id, Request.Connect request);

    void subscribe(C client, long id, Request.Subscribe request);

    void unsubscribe(C client, long id, Request.Unsubscribe request);

    void publish(C client, long id, Request.Publish request);

    void presence(C client, long id, Request.Presence request);

    void presenceStats(C client, long id, Request.PresenceStats request);

    void history(C client, long id, Request.History request);

    void rpc(C client, long id, Request.Rpc request);

    void send(C client, long id, Request.Send request);

    void refresh(C client, long id, Request.Refresh request);

    void subRefresh(C client, long id, Request.SubRefresh request);
}
