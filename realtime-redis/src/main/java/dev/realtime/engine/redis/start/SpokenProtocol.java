package dev.realtime.engine.redis.start;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Detection of TLS on a port, with sockets of the JDK, for cases in which the driver only reports a broken connection.
 * Blocks, and therefore runs on a thread that may.
 */
enum SpokenProtocol {
    /** Redis without encryption. */
    PLAIN,
    /** TLS, with any certificate. */
    TLS,
    /** It did not answer, or nothing that is known. */
    UNKNOWN;

    private static final int SIMPLE_REPLY = '+';

    private static final int ERROR_REPLY = '-';

    /** Never fails. */
    static Mono<SpokenProtocol> of(String host, int port, Duration timeout) {
        return Mono.fromCallable(() -> ask(host, port, Math.toIntExact(timeout.toMillis())))
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorReturn(UNKNOWN);
    }

    private static SpokenProtocol ask(String host, int port, int timeoutMillis) throws IOException {
        if (answersInPlain(host, port, timeoutMillis)) {
            return PLAIN;
        }
        return shakesHands(host, port, timeoutMillis) ? TLS : UNKNOWN;
    }

    private static boolean answersInPlain(String host, int port, int timeoutMillis) throws IOException {
        try (Socket socket = connect(host, port, timeoutMillis)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            int first = socket.getInputStream().read();
            return first == SIMPLE_REPLY || first == ERROR_REPLY;
        } catch (IOException silent) {
            return false;
        }
    }

    private static boolean shakesHands(String host, int port, int timeoutMillis) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        try (Socket plain = connect(host, port, timeoutMillis);
                SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true)) {
            socket.startHandshake();
            return true;
        } catch (SSLHandshakeException refused) {
            // A certificate that is not trusted here, or one that is missing there, is still TLS.
            return true;
        } catch (SSLException unknown) {
            return false;
        }
    }

    private static Socket connect(String host, int port, int timeoutMillis) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(host, port), timeoutMillis);
        socket.setSoTimeout(timeoutMillis);
        return socket;
    }
}
