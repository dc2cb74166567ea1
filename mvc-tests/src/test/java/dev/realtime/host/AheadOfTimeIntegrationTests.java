package dev.realtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.engine.RealtimeMemoryEngineAutoConfiguration;
import dev.realtime.autoconfigure.event.RealtimeEventsAutoConfiguration;
import dev.realtime.autoconfigure.handler.RealtimeHandlersAutoConfiguration;
import dev.realtime.autoconfigure.httpapi.RealtimeHttpApiAutoConfiguration;
import dev.realtime.autoconfigure.httpapi.RealtimeHttpApiWebMvcAutoConfiguration;
import dev.realtime.autoconfigure.payload.RealtimePayloadAutoConfiguration;
import dev.realtime.autoconfigure.server.RealtimeServerAutoConfiguration;
import dev.realtime.autoconfigure.startup.RealtimeStartupAutoConfiguration;
import dev.realtime.autoconfigure.template.RealtimeTemplateAutoConfiguration;
import dev.realtime.autoconfigure.token.RealtimeTokenCheckAutoConfiguration;
import dev.realtime.autoconfigure.transaction.RealtimeTransactionAutoConfiguration;
import dev.realtime.autoconfigure.web.RealtimeWebSocketAutoConfiguration;
import dev.realtime.autoconfigure.webmvc.RealtimeWebMvcAutoConfiguration;
import dev.realtime.spi.transport.RawWebSocketClient;
import dev.realtime.template.RealtimeTemplate;
import java.util.List;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.junit.jupiter.api.Test;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

/** A servlet application that is processed ahead of time, compiled, and started on Tomcat. */
class AheadOfTimeIntegrationTests {

    private static final String[] PROPERTIES = {
        "server.port=0",
        "realtime.shutdown.spread=0s",
        "realtime.http-api.key=" + RunningHost.KEY,
        "realtime.client.allow-anonymous-connect-without-token=true",
        "realtime.channel.without-namespace.allow-subscribe-for-client=true",
        "realtime.channel.without-namespace.allow-subscribe-for-anonymous=true"
    };

    @Test
    @CompileWithForkedClassLoader
    void processedApplicationServesClientsAndPrograms() {
        TestGenerationContext generation = new TestGenerationContext();
        TestPropertyValues.of("spring.aot.processing=true")
                .applyToSystemProperties(
                        () -> new ApplicationContextAotGenerator().processAheadOfTime(application(), generation));
        generation.writeGeneratedContent();
        TestCompiler.forSystem()
                .with(generation)
                .compile(compiled -> verify(compiled.getInstance(ApplicationContextInitializer.class)));
    }

    private static GenericApplicationContext application() {
        AnnotationConfigServletWebServerApplicationContext context =
                new AnnotationConfigServletWebServerApplicationContext();
        TestPropertyValues.of(PROPERTIES).applyTo(context);
        context.register(Application.class);
        return context;
    }

    @SuppressWarnings("unchecked")
    private static void verify(ApplicationContextInitializer<?> initializer) {
        // A JVM has one such factory: that of Tomcat's classes outside of the forked class loader.
        TomcatURLStreamHandlerFactory.disable();
        TestPropertyValues.of("spring.aot.enabled=true").applyToSystemProperties(() -> {
            try (ServletWebServerApplicationContext context = new ServletWebServerApplicationContext()) {
                TestPropertyValues.of(PROPERTIES).applyTo(context);
                ((ApplicationContextInitializer<GenericApplicationContext>) initializer).initialize(context);
                context.refresh();
                int port = context.getWebServer().getPort();
                try (RawWebSocketClient client = RawWebSocketClient.connect(port, RunningHost.ENDPOINT)) {
                    assertThat(RunningHost.ask(client, "{'id':1,'connect':{}}")).contains("'client':");
                    assertThat(RunningHost.ask(client, "{'id':2,'subscribe':{'channel':'news'}}"))
                            .isEqualTo("{'id':2,'subscribe':{}}");

                    context.getBean(RealtimeTemplate.class).publish("news", List.of("hello"));

                    assertThat(RunningHost.next(client)).contains("'data':['hello']");
                }
                assertThat(RawWebSocketClient.request(port, List.of("POST /api/info HTTP/1.1", "Host: localhost"))
                                .get(0))
                        .contains(" 401");
            }
            return null;
        });
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        TomcatServletWebServerAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        RealtimeAutoConfiguration.class,
        RealtimeEventsAutoConfiguration.class,
        RealtimeHandlersAutoConfiguration.class,
        RealtimeHttpApiAutoConfiguration.class,
        RealtimeHttpApiWebMvcAutoConfiguration.class,
        RealtimeMemoryEngineAutoConfiguration.class,
        RealtimePayloadAutoConfiguration.class,
        RealtimeServerAutoConfiguration.class,
        RealtimeStartupAutoConfiguration.class,
        RealtimeTemplateAutoConfiguration.class,
        RealtimeTokenCheckAutoConfiguration.class,
        RealtimeTransactionAutoConfiguration.class,
        RealtimeWebSocketAutoConfiguration.class,
        RealtimeWebMvcAutoConfiguration.class
    })
    static class Application {}
}
