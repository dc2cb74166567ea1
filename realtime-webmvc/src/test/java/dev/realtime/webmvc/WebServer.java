package dev.realtime.webmvc;

import dev.realtime.spi.transport.TestServer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.HttpRequestHandlerAdapter;

/** An MVC application with one handler mapping on a real container at a free port. */
public record WebServer(int port, Runnable stop) implements TestServer {

    /** Stands for the security of an application: the header X-User is believed, and each answer gets X-Filtered. */
    private static final Filter SECURITY = (request, response, chain) -> {
        ((HttpServletResponse) response).setHeader("X-Filtered", "yes");
        String user = ((HttpServletRequest) request).getHeader("X-User");
        if (user == null) {
            chain.doFilter(request, response);
            return;
        }
        chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {

                    @Override
                    public Principal getUserPrincipal() {
                        return () -> user;
                    }
                },
                response);
    };

    public static WebServer tomcat(String contextPath, HandlerMapping mapping) throws Exception {
        return tomcat(contextPath, mapping, connector -> {});
    }

    /** An application whose filter does not support asynchronous requests. */
    public static WebServer synchronousTomcat(HandlerMapping mapping) throws Exception {
        return tomcat("", mapping, connector -> {}, false);
    }

    public static WebServer tomcat(String contextPath, HandlerMapping mapping, Consumer<Connector> customizer)
            throws Exception {
        return tomcat(contextPath, mapping, customizer, true);
    }

    private static WebServer tomcat(
            String contextPath, HandlerMapping mapping, Consumer<Connector> customizer, boolean asynchronous)
            throws Exception {
        Path directory = Files.createTempDirectory("tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("maxThreads", "20");
        customizer.accept(tomcat.getConnector());
        Context context = tomcat.addContext(contextPath, directory.toString());
        FilterDef definition = new FilterDef();
        definition.setFilterName("security");
        definition.setFilter(SECURITY);
        definition.setAsyncSupported(String.valueOf(asynchronous));
        context.addFilterDef(definition);
        FilterMap filter = new FilterMap();
        filter.setFilterName("security");
        filter.addURLPattern("/*");
        context.addFilterMap(filter);
        Tomcat.addServlet(context, "mvc", application(mapping)).setAsyncSupported(true);
        context.addServletMappingDecoded("/", "mvc");
        tomcat.start();
        return new WebServer(tomcat.getConnector().getLocalPort(), () -> stop(tomcat));
    }

    public static WebServer jetty(String contextPath, HandlerMapping mapping) throws Exception {
        return jetty(contextPath, mapping, connector -> {});
    }

    static WebServer jetty(String contextPath, HandlerMapping mapping, Consumer<ServerConnector> customizer)
            throws Exception {
        ServletContextHandler context = new ServletContextHandler(contextPath.isEmpty() ? "/" : contextPath);
        FilterHolder security = new FilterHolder(SECURITY);
        security.setAsyncSupported(true);
        context.addFilter(security, "/*", EnumSet.of(jakarta.servlet.DispatcherType.REQUEST));
        ServletHolder mvc = new ServletHolder(application(mapping));
        mvc.setAsyncSupported(true);
        context.addServlet(mvc, "/");
        JettyWebSocketServletContainerInitializer.configure(context, null);
        Server jetty = new Server(new InetSocketAddress("localhost", 0));
        jetty.setHandler(context);
        customizer.accept((ServerConnector) jetty.getConnectors()[0]);
        jetty.start();
        return new WebServer(((ServerConnector) jetty.getConnectors()[0]).getLocalPort(), () -> stop(jetty));
    }

    private static DispatcherServlet application(HandlerMapping mapping) {
        GenericWebApplicationContext context = new GenericWebApplicationContext();
        context.registerBean("mapping", HandlerMapping.class, () -> mapping);
        context.registerBean(HttpRequestHandlerAdapter.class);
        return new DispatcherServlet(context);
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

    @Override
    public void close() {
        stop.run();
    }
}
