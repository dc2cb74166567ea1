package dev.realtime.webmvc.stream;

import dev.realtime.spi.transport.WireForm;
import dev.realtime.web.HandshakeDescription;
import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.Visitor;
import dev.realtime.web.stream.EventIds;
import dev.realtime.web.stream.StreamClient;
import dev.realtime.web.stream.StreamKind;
import dev.realtime.web.stream.StreamRefusedException;
import dev.realtime.web.stream.StreamRules;
import dev.realtime.webmvc.ClientRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.HttpRequestHandler;

/** Endpoint that opens streams of one kind. */
public final class StreamEndpoint implements HttpRequestHandler {

    private final StreamRules rules;

    private final OriginRule originRule;

    private final StreamConnector connector;

    private final RefusalLog refusals;

    public StreamEndpoint(StreamRules rules, OriginRule originRule, StreamConnector connector, RefusalLog refusals) {
        this.rules = rules;
        this.originRule = originRule;
        this.connector = connector;
        this.refusals = refusals;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AbruptEnd.check(request);
        StreamRequest stream = new StreamRequest(request, response, refusals);
        try {
            stream.checkOrigin(originRule);
            if (rules.isPreflight(stream.method())) {
                stream.permit();
                return;
            }
            rules.checkMethod(stream.method());
            open(stream);
        } catch (StreamRefusedException refusal) {
            stream.refuse(refusal);
        }
    }

    private void open(StreamRequest stream) throws StreamRefusedException {
        WireForm form = rules.kind().wireForm(stream.header(HttpHeaders.CONTENT_TYPE));
        String lastEventId = stream.header(EventIds.HEADER);
        // The principal is that of the thread, which Spring Security may know no more later.
        Principal visitor = Visitor.authenticated(stream.client().request().getUserPrincipal());
        HandshakeDescription description = description(stream.client());
        if (stream.method().equals(HttpMethod.GET.name())) {
            byte[] input = rules.inputOfQuery(form, parameter(stream, description), lastEventId);
            connect(stream, form, description, visitor, input);
            return;
        }
        stream.body(rules.options().body())
                .subscribe(
                        body -> {
                            try {
                                byte[] input = rules.inputOfBody(form, body, lastEventId);
                                connect(stream, form, description, visitor, input);
                            } catch (StreamRefusedException refusal) {
                                stream.refuse(refusal);
                            }
                        },
                        stream::fail);
    }

    /** Copies the facts, so that nothing else of the request stays in memory as long as the connection. */
    private static HandshakeDescription description(ClientRequest client) {
        return new HandshakeDescription(client.headers(), client.uri(), client.remoteAddress());
    }

    private static @Nullable String parameter(StreamRequest stream, HandshakeDescription description)
            throws StreamRefusedException {
        try {
            if (stream.client().uriIsValid()) {
                return description.connectRequest();
            }
        } catch (IllegalArgumentException malformed) {
            // Refused below.
        }
        throw StreamRefusedException.malformed("The query must be percent-encoded");
    }

    private void connect(
            StreamRequest stream,
            WireForm form,
            HandshakeDescription description,
            @Nullable Principal visitor,
            byte[] input)
            throws StreamRefusedException {
        rules.checkAdmission();
        StreamKind kind = rules.kind();
        StreamClient client = new StreamClient(
                kind,
                form,
                description.describe(kind.transportName(), kind.capabilities(), visitor),
                rules.options(),
                input);
        connector.connect(
                stream.continueAsynchronously(),
                stream.response(),
                stream.client().request().getProtocol(),
                client);
    }
}
