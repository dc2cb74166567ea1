package dev.realtime.engine.redis.start;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisURI;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Diagnosis of failures to connect, from the exceptions of the driver. */
final class ConnectFailureDiagnosis {

    private final StartupMessages problems;

    private final Duration timeout;

    /** @param timeout of the check which protocol a port speaks */
    ConnectFailureDiagnosis(StartupMessages problems, Duration timeout) {
        this.problems = problems;
        this.timeout = timeout;
    }

    /** @param sentinel whether the credentials are those for Sentinel */
    Mono<RedisStartException> explain(RedisURI uri, boolean sentinel, Throwable failure) {
        RedisCommandExecutionException reply = find(failure, RedisCommandExecutionException.class);
        if (reply != null) {
            return Mono.just(explain(uri, sentinel, reply));
        }
        if (find(failure, UnknownHostException.class) != null) {
            return Mono.just(problems.unreachable(uri, "the host name is not known", failure));
        }
        if (find(failure, ConnectException.class) != null && !timedOut(failure)) {
            return Mono.just(problems.unreachable(uri, "the connection was refused", failure));
        }
        return SpokenProtocol.of(uri.getHost(), uri.getPort(), timeout).map(spoken -> explain(uri, spoken, failure));
    }

    private RedisStartException explain(RedisURI uri, boolean sentinel, RedisCommandExecutionException reply) {
        String text = String.valueOf(reply.getMessage());
        if (text.startsWith("NOAUTH")) {
            return problems.passwordNeeded(uri, sentinel, reply);
        }
        if (text.startsWith("WRONGPASS")) {
            return problems.wrongPassword(uri, sentinel, reply);
        }
        if (text.contains("without any password configured") || text.contains("no password is set")) {
            return problems.passwordUnknown(uri, sentinel, reply);
        }
        if (text.startsWith("NOPERM")) {
            return problems.noRights(uri, reply);
        }
        if (text.startsWith("LOADING") || text.startsWith("MASTERDOWN") || text.contains("max number of clients")) {
            return problems.notReady(uri, reply);
        }
        return problems.refused(uri, reply);
    }

    private RedisStartException explain(RedisURI uri, SpokenProtocol spoken, Throwable failure) {
        if (spoken == SpokenProtocol.TLS && !uri.isSsl()) {
            return problems.tlsExpected(uri);
        }
        if (uri.isSsl() && (spoken == SpokenProtocol.PLAIN || find(failure, NotSslRecordException.class) != null)) {
            return problems.tlsUnknown(uri);
        }
        Throwable certificate = find(failure, CertificateException.class);
        Throwable handshake = find(failure, SSLException.class);
        if (uri.isSsl() && (certificate != null || handshake != null)) {
            return problems.tlsRefused(uri, certificate != null ? certificate : handshake);
        }
        return problems.unreachable(
                uri,
                timedOut(failure)
                        ? "no reply within " + StartupMessages.shown(timeout)
                        : "the connection was closed immediately",
                failure);
    }

    private static boolean timedOut(Throwable failure) {
        return find(failure, ConnectTimeoutException.class) != null
                || find(failure, RedisCommandTimeoutException.class) != null
                || find(failure, TimeoutException.class) != null;
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
