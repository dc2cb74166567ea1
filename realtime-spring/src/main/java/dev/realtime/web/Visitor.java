package dev.realtime.web;

import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.util.ClassUtils;

/** Check of the principal of an HTTP request: Spring Security gives one to anonymous visitors too. */
public final class Visitor {

    private static final boolean SPRING_SECURITY = ClassUtils.isPresent(
            "org.springframework.security.authentication.AnonymousAuthenticationToken", Visitor.class.getClassLoader());

    private Visitor() {}

    /** Returns the principal of a visitor who has authenticated; {@code null} otherwise. */
    public static @Nullable Principal authenticated(@Nullable Principal principal) {
        return principal == null || (SPRING_SECURITY && !OnSpringSecurity.isAuthenticated(principal))
                ? null
                : principal;
    }

    /** Keeps the types of Spring Security from being loaded where they are missing. */
    private static final class OnSpringSecurity {

        static boolean isAuthenticated(Principal principal) {
            return !(principal instanceof Authentication authentication)
                    || (authentication.isAuthenticated() && !(principal instanceof AnonymousAuthenticationToken));
        }
    }
}
