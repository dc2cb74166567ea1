package dev.realtime.webflux;

import dev.realtime.spi.transport.TestServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.JettyCoreHttpHandlerAdapter;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServletHttpHandlerAdapter;
import org.springframework.http.server.reactive.TomcatHttpHandlerAdapter;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A WebFlux application with one handler mapping on a real server at a free port. */
public record WebServer(int port, Runnable stop) implements TestServer {

    public static WebServer reactorNetty(HandlerMapping mapping) {
        return reactorNetty(mapping, UnaryOperator.identity());
    }

    public static WebServer reactorNetty(HandlerMapping mapping, UnaryOperator<HttpServer> customizer) {
        DisposableServer server = customizer
                .apply(HttpServer.create().port(0))
                .handle(new ReactorHttpHandlerAdapter(application(mapping, OnReactorNetty.class)))
                .bindNow();
        return new WebServer(server.port(), () -> server.disposeNow(Duration.ofSeconds(5)));
    }

    public static WebServer tomcat(HandlerMapping mapping) throws Exception {
        return tomcat(mapping, connector -> {});
    }

    public static WebServer tomcat(HandlerMapping mapping, Consumer<Connector> customizer) throws Exception {
        Path directory = Files.createTempDirectory("tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        customizer.accept(tomcat.getConnector());
        Context context = tomcat.addContext("", directory.toString());
        context.addServletContainerInitializer(new WsSci(), null);
        Tomcat.addServlet(context, "webflux", new TomcatHttpHandlerAdapter(application(mapping)))
                .setAsyncSupported(true);
        context.addServletMappingDecoded("/", "webflux");
        tomcat.start();
        return new WebServer(tomcat.getConnector().getLocalPort(), () -> stop(tomcat));
    }

    /** As Spring Boot builds it for a reactive application. */
    public static WebServer jetty(HandlerMapping mapping) throws Exception {
        return jetty(mapping, connector -> {});
    }

    public static WebServer jetty(HandlerMapping mapping, Consumer<ServerConnector> customizer) throws Exception {
        ServletHolder webflux = new ServletHolder(new ServletHttpHandlerAdapter(application(mapping)));
        webflux.setAsyncSupported(true);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(webflux, "/");
        JettyWebSocketServletContainerInitializer.configure(context, null);
        Server jetty = new Server(new InetSocketAddress("localhost", 0));
        customizer.accept((ServerConnector) jetty.getConnectors()[0]);
        return started(jetty, context);
    }

    /** Without the servlet API in between. */
    public static WebServer jettyCore(HandlerMapping mapping) throws Exception {
        Server jetty = new Server(new InetSocketAddress("localhost", 0));
        ServerWebSocketContainer.ensure(jetty);
        return started(jetty, new JettyCoreHttpHandlerAdapter(application(mapping)));
    }

    private static WebServer started(Server jetty, Handler handler) throws Exception {
        jetty.setHandler(handler);
        jetty.start();
        return new WebServer(((ServerConnector) jetty.getConnectors()[0]).getLocalPort(), () -> stop(jetty));
    }

    private static void stop(Server jetty) {
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void stop(Tomcat tomcat) {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpHandler application(HandlerMapping mapping, Class<?>... more) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.register(WebFlux.class);
        if (more.length > 0) {
            context.register(more);
        }
        context.registerBean("mapping", HandlerMapping.class, () -> mapping);
        context.refresh();
        return WebHttpHandlerBuilder.applicationContext(context).build();
    }

    @Override
    public void close() {
        stop.run();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableWebFlux
    static class WebFlux {

        /**
         * Stands for the security of an application: the header X-User is believed, by a thread of its own, and each
         * answer gets X-Filtered.
         */
        @Bean
        WebFilter security() {
            return (exchange, chain) -> {
                exchange.getResponse().getHeaders().set("X-Filtered", "yes");
                String user = exchange.getRequest().getHeaders().getFirst("X-User");
                return user == null
                        ? chain.filter(exchange)
                        : chain.filter(exchange.mutate()
                                        .principal(Mono.just(() -> user))
                                        .build())
                                .subscribeOn(Schedulers.boundedElastic());
            };
        }
    }

    /** Spring guesses the server by what is on the class path, where here are several. */
    @Configuration(proxyBeanMethods = false)
    static class OnReactorNetty implements WebFluxConfigurer {

        @Override
        public WebSocketService getWebSocketService() {
            return new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy());
        }
    }
}
