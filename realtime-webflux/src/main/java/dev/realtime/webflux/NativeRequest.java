package dev.realtime.webflux;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import org.eclipse.jetty.server.Request;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Facts about a request that the server knows and Spring does not expose.
 *
 * @param httpVersion as on the request line, such as {@code HTTP/1.1}
 * @param upgradesFromLists whether the server finds {@code websocket} in an {@code Upgrade} header that names other
 *     protocols
 * @param uriIsValid whether the server can make a {@link URI} of the request for its own session
 */
public record NativeRequest(String httpVersion, boolean upgradesFromLists, boolean uriIsValid) {

    private static final boolean REACTOR_NETTY = isPresent("reactor.netty.http.server.HttpServerRequest");

    private static final boolean SERVLET = isPresent("jakarta.servlet.http.HttpServletRequest");

    private static final boolean JETTY_CORE = isPresent("org.eclipse.jetty.server.Request");

    /** Returns the facts about a request. */
    public static NativeRequest of(ServerHttpRequest request) {
        Object nativeRequest = ServerHttpRequestDecorator.getNativeRequest(request);
        if (REACTOR_NETTY && OnReactorNetty.isRequest(nativeRequest)) {
            return OnReactorNetty.describe(nativeRequest);
        }
        if (SERVLET && OnServlets.isRequest(nativeRequest)) {
            return OnServlets.describe(nativeRequest);
        }
        if (JETTY_CORE && OnJetty.isRequest(nativeRequest)) {
            return OnJetty.describe(nativeRequest);
        }
        return new NativeRequest("HTTP/1.1", true, true);
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, NativeRequest.class.getClassLoader());
    }

    // Each keeps the types of one server from being loaded where they are missing.

    private static final class OnReactorNetty {

        static boolean isRequest(Object request) {
            return request instanceof HttpServerRequest;
        }

        static NativeRequest describe(Object request) {
            return new NativeRequest(((HttpServerRequest) request).version().text(), true, true);
        }
    }

    private static final class OnServlets {

        static boolean isRequest(Object request) {
            return request instanceof HttpServletRequest;
        }

        static NativeRequest describe(Object request) {
            HttpServletRequest servletRequest = (HttpServletRequest) request;
            boolean jetty = request.getClass().getName().startsWith("org.eclipse.jetty.");
            return new NativeRequest(servletRequest.getProtocol(), !jetty, isValid(servletRequest.getQueryString()));
        }

        private static boolean isValid(String query) {
            try {
                return query == null || new URI("http://localhost/?" + query).getRawQuery() != null;
            } catch (URISyntaxException e) {
                return false;
            }
        }
    }

    private static final class OnJetty {

        static boolean isRequest(Object request) {
            return request instanceof Request;
        }

        static NativeRequest describe(Object request) {
            return new NativeRequest(((Request) request).getConnectionMetaData().getProtocol(), false, true);
        }
    }
}
