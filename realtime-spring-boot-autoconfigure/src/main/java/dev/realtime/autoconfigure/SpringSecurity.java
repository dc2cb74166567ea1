package dev.realtime.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.util.ClassUtils;

/** Whether Spring Security guards the HTTP requests of the application, and so knows the principal of each. */
final class SpringSecurity {

    private static final boolean PRESENT = ClassUtils.isPresent(
            "org.springframework.security.web.server.SecurityWebFilterChain", SpringSecurity.class.getClassLoader());

    private SpringSecurity() {}

    static boolean identifiesClients(ListableBeanFactory beans) {
        return PRESENT && FilterChains.exist(beans);
    }

    /** Keeps the types of Spring Security from being loaded where they are missing. */
    private static final class FilterChains {

        static boolean exist(ListableBeanFactory beans) {
            return beans.getBeanNamesForType(SecurityWebFilterChain.class, true, false).length > 0;
        }
    }
}
