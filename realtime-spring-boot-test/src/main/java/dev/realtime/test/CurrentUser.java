package dev.realtime.test;

import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.util.ClassUtils;

/** Users of the test, with Spring Security where it is on the class path. */
final class CurrentUser {

    private static final boolean SECURITY = ClassUtils.isPresent(
            "org.springframework.security.core.context.SecurityContextHolder", CurrentUser.class.getClassLoader());

    private CurrentUser() {}

    /** Returns the user of the test, for instance that of {@code @WithMockUser}; {@code null} if it has none. */
    static @Nullable Principal ofTest() {
        return SECURITY ? Secured.ofTest() : null;
    }

    static Principal of(String user, String... roles) {
        if (SECURITY) {
            return Secured.of(user, roles);
        }
        if (roles.length > 0) {
            throw new IllegalStateException("User '" + user
                    + "' cannot have roles, because Spring Security is not on the class path. Add"
                    + " spring-boot-starter-security, or give the client a principal of your own with principal().");
        }
        return () -> user;
    }

    /** Keeps the types of Spring Security from being loaded where they are missing. */
    private static final class Secured {

        static @Nullable Principal ofTest() {
            Authentication user = SecurityContextHolder.getContext().getAuthentication();
            return user instanceof AnonymousAuthenticationToken ? null : user;
        }

        static Principal of(String user, String... roles) {
            String[] authorities = new String[roles.length];
            for (int i = 0; i < roles.length; i++) {
                authorities[i] = "ROLE_" + roles[i];
            }
            return new TestingAuthenticationToken(user, "", AuthorityUtils.createAuthorityList(authorities));
        }
    }
}
