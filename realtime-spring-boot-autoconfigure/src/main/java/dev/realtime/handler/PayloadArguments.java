package dev.realtime.handler;

import dev.realtime.protocol.Payload;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;

/** Payloads as arguments: raw, or read as an object and validated. */
final class PayloadArguments {

    private final PayloadReader reader;

    /** {@code null} where no implementation of Jakarta Validation is there. */
    private final @Nullable PayloadValidator validator;

    PayloadArguments(PayloadReader reader, @Nullable PayloadValidator validator) {
        this.reader = reader;
        this.validator = validator;
    }

    /** @throws InvalidHandlerException if it is to be validated and nothing can do it */
    HandlerArgument of(MethodParameter parameter, Method method) {
        Class<?> type = parameter.getParameterType();
        boolean optional = parameter.isOptional() || isNullable(parameter);
        if (type == Payload.class) {
            return required(optional, HandlerCall::payload);
        }
        if (type == byte[].class) {
            return required(
                    optional,
                    call -> call.payload() == null ? null : call.payload().bytes());
        }
        Type target = GenericTypeResolver.resolveType(parameter.getGenericParameterType(), method.getDeclaringClass());
        Consumer<Object> check = isValidated(parameter) ? validation(method, type) : value -> {};
        return required(optional, call -> read(call.payload(), target, check));
    }

    private static HandlerArgument required(boolean optional, HandlerArgument argument) {
        return call -> {
            Object value = argument.of(call);
            if (value == null && !optional) {
                throw new BadCommandException("it has no data");
            }
            return value;
        };
    }

    private @Nullable Object read(@Nullable Payload payload, Type type, Consumer<Object> check) {
        if (payload == null || payload.isEmpty()) {
            return null;
        }
        Object value;
        try {
            value = reader.read(payload, type);
        } catch (IllegalArgumentException unreadable) {
            throw new BadCommandException(String.valueOf(unreadable.getMessage()));
        }
        if (value != null) {
            check.accept(value);
        }
        return value;
    }

    private Consumer<Object> validation(Method method, Class<?> type) {
        PayloadValidator present = validator;
        if (present == null) {
            throw new InvalidHandlerException(
                    method,
                    "has a payload to validate, but the application has no Jakarta Validation, so nothing would be checked.",
                    "Add spring-boot-starter-validation, or remove the annotation.");
        }
        present.prepare(type);
        return present::validate;
    }

    /** As Spring does it everywhere: Jakarta's annotation, Spring's, and those named like them. */
    private static boolean isValidated(MethodParameter parameter) {
        return Arrays.stream(parameter.getParameterAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(type -> type.getSimpleName().startsWith("Valid"));
    }

    private static boolean isNullable(MethodParameter parameter) {
        return Arrays.stream(parameter.getParameterAnnotations())
                        .anyMatch(annotation ->
                                annotation.annotationType().getSimpleName().equals("Nullable"))
                || Arrays.stream(parameter
                                .getExecutable()
                                .getAnnotatedParameterTypes()[parameter.getParameterIndex()]
                                .getAnnotations())
                        .anyMatch(annotation ->
                                annotation.annotationType().getSimpleName().equals("Nullable"));
    }
}
