package dev.realtime.connection;

import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.protocol.Request;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.transport.Transport;
import java.security.Principal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Facts about the client of one connection: its user, its infos and its software. */
public final class ClientProfile {

    private final Transport transport;

    private final boolean ignoresHttpPrincipal;

    private final String clientId = UUID.randomUUID().toString();

    private String userId = "";

    private @Nullable Payload info;

    /** Principal for the application: that of the authentication, else of the HTTP request. */
    private @Nullable Principal principal;

    /** What the authentication says to the application alone. */
    private @Nullable Payload meta;

    /** Whether the client extends its identity with a token. */
    private boolean clientRefresh;

    private boolean renewedByServer;

    private String sdkName = "";

    private String sdkVersion = "";

    ClientProfile(Transport transport, boolean ignoresHttpPrincipal) {
        this.transport = transport;
        this.ignoresHttpPrincipal = ignoresHttpPrincipal;
    }

    /** Sets the identity of the client, before the connection is registered under its user. */
    public void introduce(Authentication authentication, Request.Connect request) {
        userId = authentication.userId();
        info = authentication.info();
        meta = authentication.meta();
        principal = authentication.principal() == null ? requestPrincipal() : authentication.principal();
        sdkName = bounded(request.name(), 16);
        sdkVersion = bounded(request.version(), 64);
    }

    /** Takes on a new identity of the same user. What it does not contain stays as it was. */
    void identifyAs(Authentication authentication) {
        info = authentication.info() == null ? info : authentication.info();
        meta = authentication.meta() == null ? meta : authentication.meta();
        principal = authentication.principal() == null ? principal : authentication.principal();
        clientRefresh = authentication.clientRefresh();
        renewedByServer =
                !clientRefresh && Expiry.at(authentication.expireAtSeconds()).isSet();
    }

    private static String bounded(String text, int maxLength) {
        return text.length() <= maxLength ? text : text.substring(0, maxLength);
    }

    void info(Payload info) {
        this.info = info;
    }

    /** Returns the principal of the HTTP request; {@code null} where it is ignored. */
    public @Nullable Principal requestPrincipal() {
        return ignoresHttpPrincipal ? null : transport.describe().principal();
    }

    /** Returns an id that is unique among all connections of all nodes. */
    public String clientId() {
        return clientId;
    }

    /** Returns the user; empty for anonymous, and before the client connected. */
    public String userId() {
        return userId;
    }

    /** Returns what the application sees of it. */
    public ClientIdentity identity() {
        return new ClientIdentity(
                clientId, userId, principal, meta, transport.describe().headers());
    }

    /** Returns what others in a channel see of it. */
    public ClientInfo infoIn(@Nullable Payload channelInfo) {
        return new ClientInfo(userId, clientId, info, channelInfo);
    }

    boolean clientRefresh() {
        return clientRefresh;
    }

    /** Returns whether the application renews the identity when it ends, so that a token of the client has no say. */
    public boolean renewedByServer() {
        return renewedByServer;
    }

    String sdkName() {
        return sdkName;
    }

    String sdkVersion() {
        return sdkVersion;
    }

    @Override
    public String toString() {
        return "client " + clientId + " of user '" + userId + "'";
    }
}
