package dev.realtime.test.autoconfigure;

import dev.realtime.api.PayloadReader;
import dev.realtime.api.PayloadWriter;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.handler.RealtimeHandler;
import dev.realtime.spi.auth.Authenticator;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.TokenAuthenticator;
import dev.realtime.spi.hook.MessageHandler;
import dev.realtime.spi.hook.RpcHandler;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.GenericConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JacksonModule;

/** Filter for the scanned beans of the application that {@link RealtimeTest} loads. */
class RealtimeTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<RealtimeTest> {

    /** Annotations by name, since an application may lack them: those that handlers would behave otherwise without. */
    private static final String[] ANNOTATIONS = {
        "org.springframework.web.bind.annotation.ControllerAdvice",
        "org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity",
        "org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity"
    };

    private static final Class<?>[] NO_CLASSES = {};

    private final Set<Class<?>> known = new LinkedHashSet<>(Set.of(
            Authenticator.class,
            ChannelAuthorizer.class,
            TokenAuthenticator.class,
            RpcHandler.class,
            MessageHandler.class,
            ChannelOptionsResolver.class,
            PayloadReader.class,
            PayloadWriter.class,
            HandlerMethodArgumentResolver.class,
            Converter.class,
            GenericConverter.class,
            JacksonModule.class));

    private final Set<Class<?>> handlers;

    RealtimeTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
        handlers = Set.of(getAnnotation().getValue("handlers", Class[].class).orElse(NO_CLASSES));
        if (handlers.isEmpty()) {
            known.add(RealtimeHandler.class);
        }
        ClassLoader classLoader = getClass().getClassLoader();
        for (String annotation : ANNOTATIONS) {
            if (ClassUtils.isPresent(annotation, classLoader)) {
                known.add(ClassUtils.resolveClassName(annotation, classLoader));
            }
        }
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        return known;
    }

    @Override
    protected Set<Class<?>> getComponentIncludes() {
        return handlers;
    }
}
