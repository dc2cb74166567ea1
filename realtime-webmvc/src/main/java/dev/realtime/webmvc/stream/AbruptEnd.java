package dev.realtime.webmvc.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.coyote.CloseNowException;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionMetaData;

/**
 * End of a response whose client does not read, with its connection. The Servlet API has no method for it, and
 * completing the request would make a thread of the container wait for the client. Jetty lets its connection be closed.
 * Other containers close it after an exception, so the request is dispatched once more to throw one.
 */
final class AbruptEnd {

    private static final String ATTRIBUTE = AbruptEnd.class.getName();

    private AbruptEnd() {}

    /**
     * Ends the connection, or with HTTP/2 the stream.
     *
     * @throws IllegalStateException if the request has ended
     */
    static void end(AsyncContext async) {
        if (isOf(async.getRequest(), "org.eclipse.jetty.") && OnJetty.close(async.getRequest())) {
            async.complete();
        } else {
            async.getRequest().setAttribute(ATTRIBUTE, true);
            async.dispatch();
        }
    }

    /** Throws the exception if the request was dispatched for it. */
    static void check(HttpServletRequest request) throws IOException {
        if (request.getDispatcherType() == DispatcherType.ASYNC && request.getAttribute(ATTRIBUTE) != null) {
            String reason = "The client did not read the end of its stream in time.";
            throw isOf(request, "org.apache.catalina.") ? OnTomcat.closing(reason) : new IOException(reason);
        }
    }

    private static boolean isOf(ServletRequest request, String container) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner.getClass().getName().startsWith(container);
    }

    // Each keeps the types of one container from being loaded where they are missing.

    private static final class OnTomcat {

        /** Returns the exception that Tomcat does not log. */
        static IOException closing(String reason) {
            return new CloseNowException(reason);
        }
    }

    private static final class OnJetty {

        /** Closes the connection, unless it carries other requests too. */
        static boolean close(ServletRequest request) {
            ConnectionMetaData connection =
                    ServletContextRequest.getServletContextRequest(request).getConnectionMetaData();
            if (connection.getHttpVersion().getVersion() >= HttpVersion.HTTP_2.getVersion()) {
                return false;
            }
            connection.getConnection().getEndPoint().close();
            return true;
        }
    }
}
