package dev.realtime.handler.argument;

import dev.realtime.api.PayloadReader;
import dev.realtime.api.UnreadablePayloadException;
import dev.realtime.api.data.Payload;
import dev.realtime.handler.BadCommandException;
import java.lang.reflect.Type;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;

/**
 * Payloads as arguments: raw, or read as objects of the application. A parameter that may be {@code null} is optional.
 */
public final class PayloadArguments {

    private final PayloadReader reader;

    public PayloadArguments(PayloadReader reader) {
        this.reader = reader;
    }

    HandlerArgument of(MethodParameter parameter) {
        MethodParameter wanted = parameter.nestedIfOptional();
        Class<?> type = wanted.getNestedParameterType();
        Type target =
                GenericTypeResolver.resolveType(wanted.getNestedGenericParameterType(), parameter.getContainingClass());
        boolean optional = parameter.isOptional();
        boolean wrapped = parameter.getParameterType() == Optional.class;
        return call -> {
            Object value = value(call.payload(), type, target);
            if (value == null && !optional) {
                throw new BadCommandException("the data is missing", "data is required");
            }
            return wrapped ? Optional.ofNullable(value) : value;
        };
    }

    private @Nullable Object value(@Nullable Payload payload, Class<?> type, Type target) {
        if (type == Payload.class) {
            return payload;
        } else if (type == byte[].class) {
            return payload == null ? null : payload.bytes();
        }
        return payload == null || payload.isEmpty() ? null : read(payload, target);
    }

    private @Nullable Object read(Payload payload, Type type) {
        try {
            return reader.read(payload, type);
        } catch (UnreadablePayloadException unreadable) {
            String path = unreadable.path().isEmpty() ? "data" : unreadable.path();
            throw new BadCommandException(String.valueOf(unreadable.getMessage()), path + " is not of its type");
        } catch (IllegalArgumentException unreadable) {
            throw new BadCommandException(String.valueOf(unreadable.getMessage()), "data is not of its type");
        }
    }
}
