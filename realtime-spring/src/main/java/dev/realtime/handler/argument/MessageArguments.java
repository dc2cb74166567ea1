package dev.realtime.handler.argument;

import dev.realtime.api.data.Payload;
import dev.realtime.handler.BadCommandException;
import dev.realtime.handler.HandlerHeaders;
import dev.realtime.handler.declaration.InvalidHandlerException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.MultiValueMap;

/**
 * Arguments from resolvers of Spring Messaging: headers of the handshake, and those that resolvers of the application
 * supply. Resolvers receive a call as a {@link Message} with the {@link HandlerHeaders}.
 */
public final class MessageArguments {

    private static final ResolvableType FIRST_VALUES =
            ResolvableType.forClassWithGenerics(Map.class, String.class, String.class);

    private static final ResolvableType ALL_VALUES =
            ResolvableType.forClassWithGenerics(MultiValueMap.class, String.class, String.class);

    private final ConfigurableListableBeanFactory beans;

    private final List<HandlerMethodArgumentResolver> resolvers;

    private final HandlerMethodArgumentResolver headers;

    /** @param resolvers of the application, the first that supports a parameter resolves it */
    public MessageArguments(
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

    /**
     * Returns all headers of the handshake: their first values for a {@code Map<String, String>}, all values for a
     * {@code Map<String, List<String>>} or a {@code MultiValueMap}.
     *
     * @throws InvalidHandlerException for a parameter of another type
     */
    HandlerArgument allHeaders(MethodParameter parameter, Method method) {
        ResolvableType type = ResolvableType.forMethodParameter(parameter);
        if (type.isAssignableFrom(ALL_VALUES)) {
            return MessageArguments::handshake;
        } else if (type.isAssignableFrom(FIRST_VALUES)) {
            return call -> handshake(call).asSingleValueMap();
        }
        throw new InvalidHandlerException(
                method,
                "takes the headers of the handshake as %s.".formatted(type),
                "Take a Map<String, String>, a Map<String, List<String>> or a MultiValueMap<String, String>.");
    }

    /** Returns the argument of the first resolver that supports the parameter; {@code null} if none does. */
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

    private static MultiValueMap<String, String> handshake(HandlerCall call) {
        Map<String, List<String>> headers = new LinkedCaseInsensitiveMap<>();
        headers.putAll(call.client().headers());
        return CollectionUtils.toMultiValueMap(headers);
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
        }
        headers.put(NativeMessageHeaderAccessor.NATIVE_HEADERS, handshake(call));
        return new GenericMessage<>(call.payload() == null ? Payload.empty() : call.payload(), headers);
    }
}
