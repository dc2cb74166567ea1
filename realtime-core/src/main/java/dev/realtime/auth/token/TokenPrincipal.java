package dev.realtime.auth.token;

import java.security.Principal;

/** A user known by a token and by nothing else. */
record TokenPrincipal(String name) implements Principal {

    @Override
    public String getName() {
        return name;
    }
}
