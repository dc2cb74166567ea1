package dev.realtime.test.autoconfigure;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;
import org.springframework.boot.test.context.ReactiveWebMergedContextConfiguration;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.web.WebMergedContextConfiguration;
import org.springframework.util.ClassUtils;

/**
 * Bootstrapper of {@link RealtimeTest}. The application context is of the type that the application has, without a web
 * server: configuration of method security often configures the security of requests beside it.
 */
class RealtimeTestContextBootstrapper extends TestSliceTestContextBootstrapper<RealtimeTest> {

    private static final String SERVLET = "org.springframework.web.servlet.DispatcherServlet";

    private static final String REACTIVE = "org.springframework.web.reactive.DispatcherHandler";

    @Override
    protected MergedContextConfiguration processMergedContextConfiguration(MergedContextConfiguration configuration) {
        MergedContextConfiguration processed = super.processMergedContextConfiguration(configuration);
        ClassLoader classLoader = getClass().getClassLoader();
        if (ClassUtils.isPresent(SERVLET, classLoader)) {
            return new WebMergedContextConfiguration(processed, "src/main/webapp");
        }
        return ClassUtils.isPresent(REACTIVE, classLoader)
                ? new ReactiveWebMergedContextConfiguration(processed)
                : processed;
    }
}
