package dev.realtime.docs;

import dev.realtime.api.token.RealtimeTokenIssuer;
import java.security.Principal;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

// tag::controller[]
@RestController
class TokenController {

    private final RealtimeTokenIssuer issuer;

    TokenController(RealtimeTokenIssuer issuer) {
        this.issuer = issuer;
    }

    @GetMapping("/realtime/connection-token")
    String connectionToken(Principal user) {
        return issuer.connection(user.getName())
                .info(Map.of("name", user.getName()))
                .mint();
    }

    @GetMapping("/realtime/subscription-token")
    String subscriptionToken(Principal user, @RequestParam String channel) {
        if (!mayRead(user, channel)) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN);
        }
        return issuer.subscriptionToken(user.getName(), channel);
    }
    // end::controller[]

    private static boolean mayRead(Principal user, String channel) {
        return channel.equals("$board:" + user.getName());
    }
}
