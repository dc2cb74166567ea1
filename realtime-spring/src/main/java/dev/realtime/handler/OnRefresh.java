package dev.realtime.handler;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Method that renews a connection on expiry, without involving the client. An application has at most one. Connections
 * whose client renews them with a token are excluded.
 *
 * <p>Returns the new expiry time as an {@link java.time.Instant} or in a {@link RefreshReply}; an empty result closes
 * the connection with code 3005.
 *
 * @see <a href="https://centrifugal.dev/docs/transports/client_protocol#refresh">Refresh</a>
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(HandlerReflectiveProcessor.class)
public @interface OnRefresh {}
