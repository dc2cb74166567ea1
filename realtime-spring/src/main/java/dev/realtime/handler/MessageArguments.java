package dev.realtime.handler;

import dev.realtime.protocol.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.LinkedCaseInsensitiveMap;

/**
 * Arguments that come from resolvers of Spring Messaging: headers of the handshake, and whatever resolvers of the
 * application make. They see a call as a {@link Message} with the {@link HandlerHeaders}.
 */
final class MessageArguments {

    private final ConfigurableListableBeanFactory beans;

    private final List<HandlerMethodArgumentResolver> resolvers;

    private final HandlerMethodArgumentResolver headers;

    /** @param resolvers of the application, the first that supports a parameter resolves it */
    MessageArguments(
            ConfigurableListableBeanFactory beans,
            List<HandlerMethodArgumentResolver> resolvers,
            ConversionService conversion) {
        this.beans = beans;
        this.resolvers = resolvers;
        this.headers = new HeaderMethodArgumentResolver(conversion, beans);
    }

    ConfigurableListableBeanFactory beans() {
        return beans;
    }

    /** Returns a header of the handshake. */
    HandlerArgument header(MethodParameter parameter) {
        return by(headers, parameter);
    }

    /** Returns what a resolver of the application gives; {@code null} if none supports the parameter. */
    @Nullable
    HandlerArgument custom(MethodParameter parameter) {
        return resolvers.stream()
                .filter(resolver -> resolver.supportsParameter(parameter))
                .findFirst()
                .map(resolver -> by(resolver, parameter))
                .orElse(null);
    }

    private static HandlerArgument by(HandlerMethodArgumentResolver resolver, MethodParameter parameter) {
        return call -> {
            try {
                return resolver.resolveArgument(parameter, message(call));
            } catch (MessagingException | ConversionException unsuitable) {
                throw new BadCommandException(
                        String.valueOf(unsuitable.getMessage()),
                        parameter.getParameterName() + " is missing or not of its type");
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception checked) {
                throw new IllegalStateException("An argument could not be resolved", checked);
            }
        };
    }

    private static Message<Payload> message(HandlerCall call) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(HandlerHeaders.CLIENT, call.client());
        headers.put(HandlerHeaders.CHANNEL_VARIABLES, call.variables());
        if (call.channel() != null) {
            headers.put(HandlerHeaders.CHANNEL, call.channel());
        }
        if (call.connect() != null) {
            headers.put(HandlerHeaders.CONNECT, call.connect());
            Map<String, List<String>> handshake = new LinkedCaseInsensitiveMap<>();
            handshake.putAll(call.connect().httpHeaders());
            headers.put(NativeMessageHeaderAccessor.NATIVE_HEADERS, handshake);
        }
        return new GenericMessage<>(call.payload() == null ? Payload.empty() : call.payload(), headers);
    }
}
