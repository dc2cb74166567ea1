package dev.realtime.node;

/** A subscribe command of a {@link ScriptedClient}. */
public final class SubscribeRequest extends ClientRequest<SubscribeRequest> {

    static final int ID = 2;

    SubscribeRequest(ScriptedClient client, String channel) {
        super(client, ID, "subscribe");
        withText("channel", channel);
    }

    /** Asks to recover what came after a position; an empty epoch is left out, and so is the offset 0. */
    public SubscribeRequest since(long offset, String epoch) {
        return with("recover", "true").at(offset, epoch);
    }

    /** Names a position without asking to recover. */
    public SubscribeRequest at(long offset, String epoch) {
        if (!epoch.isEmpty()) {
            withText("epoch", epoch);
        }
        return offset == 0 ? this : with("offset", Long.toUnsignedString(offset));
    }

    /** Asks for an error in place of a subscription that is not recovered. */
    public SubscribeRequest orError() {
        return with("flag", "2");
    }

    public SubscribeRequest positioned() {
        return with("positioned", "true");
    }

    public SubscribeRequest recoverable() {
        return with("recoverable", "true");
    }

    public SubscribeRequest joinLeave() {
        return with("join_leave", "true");
    }

    public SubscribeRequest token(String token) {
        return withText("token", token);
    }

    /** Sends it and returns the one message that came back, which must be a reply that is no error. */
    public SubscribedReply reply() {
        return SubscribedReply.read(message());
    }
}
