package dev.realtime.webmvc.stream;

import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import dev.realtime.web.stream.EmulationRules;
import dev.realtime.web.stream.StreamRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpRequestHandler;

/** Endpoint to which clients of HTTP streams and server-sent events post their commands. */
public final class EmulationEndpoint implements HttpRequestHandler {

    private final EmulationRules rules;

    private final OriginRule originRule;

    private final RefusalLog refusals;

    public EmulationEndpoint(EmulationRules rules, OriginRule originRule, RefusalLog refusals) {
        this.rules = rules;
        this.originRule = originRule;
        this.refusals = refusals;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        StreamRequest post = new StreamRequest(request, response, refusals);
        try {
            post.checkOrigin(originRule);
            if (rules.isPreflight(post.method())) {
                post.permit();
                return;
            }
            rules.checkMethod(post.method());
            String contentType = post.header(HttpHeaders.CONTENT_TYPE);
            post.body(rules.limits())
                    .flatMap(body -> rules.pass(body, contentType))
                    .subscribe(nothing -> {}, post::fail, () -> post.end(HttpStatus.NO_CONTENT));
        } catch (StreamRefusedException refusal) {
            post.refuse(refusal);
        }
    }
}
