package dev.realtime.handler.argument;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.ConnectContext;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import dev.realtime.handler.BadCommandException;
import dev.realtime.handler.ChannelVariable;
import dev.realtime.handler.argument.HandlerParameters.ArgumentCheck;
import dev.realtime.handler.declaration.ChannelTemplate;
import dev.realtime.handler.declaration.HandlerKind;
import dev.realtime.handler.declaration.InvalidHandlerException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.util.ClassUtils;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/** Resolution of the parameters of handler methods at start-up; refuses a parameter that no source can supply. */
public final class HandlerArguments {

    private static final boolean SECURITY = ClassUtils.isPresent(
            "org.springframework.security.core.annotation.AuthenticationPrincipal",
            HandlerArguments.class.getClassLoader());

    private final PayloadArguments payloads;

    private final ConversionService conversion;

    private final MessageArguments messages;

    /** {@code null} where no implementation of Jakarta Validation is there. */
    private final @Nullable HandlerValidation validation;

    public HandlerArguments(
            PayloadArguments payloads,
            ConversionService conversion,
            MessageArguments messages,
            @Nullable HandlerValidation validation) {
        this.payloads = payloads;
        this.conversion = conversion;
        this.messages = messages;
        this.validation = validation;
    }

    /**
     * Returns the parameters of a handler method.
     *
     * @throws InvalidHandlerException if no source can supply an argument
     */
    public HandlerParameters of(
            Method method, Class<?> beanType, HandlerKind kind, @Nullable ChannelTemplate template) {
        List<HandlerArgument> arguments = new ArrayList<>();
        int payload = -1;
        for (MethodParameter parameter : parameters(method, beanType)) {
            int index = parameter.getParameterIndex();
            HandlerArgument argument = known(parameter, method, kind, template);
            if (argument == null) {
                if (!kind.hasPayload() || payload >= 0) {
                    throw nowhere(parameter, method, kind, payload >= 0);
                }
                refuseForgottenAnnotation(parameter, method, template);
                payload = index;
                argument = payloads.of(parameter);
            }
            arguments.add(argument);
        }
        return new HandlerParameters(arguments, check(method, beanType, payload));
    }

    /**
     * Returns the parameters of an exception handler.
     *
     * @param exceptions types it is for
     * @throws InvalidHandlerException if no source can supply an argument
     */
    public HandlerParameters ofExceptionHandler(
            Method method, Class<?> beanType, Set<Class<? extends Throwable>> exceptions) {
        List<HandlerArgument> arguments = new ArrayList<>();
        for (MethodParameter parameter : parameters(method, beanType)) {
            HandlerArgument argument = ofFailure(parameter, method, exceptions);
            if (argument == null) {
                argument = known(parameter, method, null, null);
            }
            if (argument == null) {
                throw new InvalidHandlerException(
                        method,
                        "takes a %s, which is not available to an exception handler."
                                .formatted(parameter.getParameterType().getName()),
                        "Remove the parameter, or take the exception, the Method that threw it, ClientIdentity,"
                                + " Channel, Payload or Principal.");
            }
            arguments.add(argument);
        }
        return new HandlerParameters(arguments, check(method, beanType, -1));
    }

    private static @Nullable HandlerArgument ofFailure(
            MethodParameter parameter, Method method, Set<Class<? extends Throwable>> exceptions) {
        Class<?> type = parameter.getParameterType();
        if (Throwable.class.isAssignableFrom(type)) {
            for (Class<?> exception : exceptions) {
                if (!type.isAssignableFrom(exception)) {
                    throw new InvalidHandlerException(
                            method,
                            "takes a %s, but also handles %s, which is not a subtype."
                                    .formatted(type.getName(), exception.getName()),
                            "Take a type that all exceptions of the method have in common.");
                }
            }
            return call -> call.failed() == null ? null : call.failed().as(type);
        } else if (type == Method.class) {
            return call -> call.failed() == null ? null : call.failed().method();
        }
        return type == Payload.class ? HandlerCall::payload : null;
    }

    /** Parameters with the annotations of interfaces, and with type variables as the class of the bean has them. */
    private static MethodParameter[] parameters(Method method, Class<?> beanType) {
        return new AnnotatedMethod(method) {
            @Override
            protected Class<?> getContainingClass() {
                return beanType;
            }
        }.getMethodParameters();
    }

    /** @param kind {@code null} for an exception handler, which is for methods of all kinds */
    private @Nullable HandlerArgument known(
            MethodParameter parameter, Method method, @Nullable HandlerKind kind, @Nullable ChannelTemplate template) {
        Class<?> type = parameter.getParameterType();
        MergedAnnotations annotations = MergedAnnotations.from(parameter.getParameterAnnotations());
        if (isContinuation(parameter, method)) {
            return call -> null;
        } else if (annotations.isPresent(ChannelVariable.class)) {
            return variable(parameter, annotations.get(ChannelVariable.class), method, template);
        } else if (type == Channel.class && (kind == null || kind.isAboutChannels())) {
            return HandlerCall::channel;
        } else if (kind != null && !kind.isForAClient()) {
            return messages.custom(parameter);
        } else if (annotations.isPresent(Header.class)) {
            return messages.header(parameter);
        } else if (annotations.isPresent(Headers.class)) {
            return messages.allHeaders(parameter, method);
        } else if (SECURITY && AuthenticatedPrincipal.isWanted(annotations)) {
            return AuthenticatedPrincipal.argument(parameter, annotations, messages.beans());
        } else if (type == ClientIdentity.class) {
            return HandlerCall::client;
        } else if (Principal.class.isAssignableFrom(type)) {
            return call -> type.isInstance(call.principal()) ? call.principal() : null;
        } else if (type == ConnectContext.class && kind == HandlerKind.CONNECT) {
            return HandlerCall::connect;
        } else if (type == Locale.class) {
            return HandlerCall::locale;
        } else if (type == Unsubscribe.class && kind == HandlerKind.UNSUBSCRIBE) {
            return HandlerCall::end;
        } else if (type == Disconnect.class && kind == HandlerKind.DISCONNECT) {
            return HandlerCall::end;
        }
        return messages.custom(parameter);
    }

    /** Returns whether it is what the Kotlin compiler adds to a function that suspends. */
    private static boolean isContinuation(MethodParameter parameter, Method method) {
        return KotlinDetector.isSuspendingFunction(method)
                && parameter.getParameterIndex() == method.getParameterCount() - 1;
    }

    private HandlerArgument variable(
            MethodParameter parameter,
            MergedAnnotation<ChannelVariable> annotation,
            Method method,
            @Nullable ChannelTemplate template) {
        String written = annotation.getString(MergedAnnotation.VALUE);
        String name = written.isEmpty() ? parameter.getParameterName() : written;
        if (name == null) {
            throw new InvalidHandlerException(
                    method,
                    "has a parameter marked with @ChannelVariable whose name is not in the class file.",
                    "Compile with -parameters, or name the variable in the annotation.");
        }
        if (template == null || !template.variables().contains(name)) {
            throw new InvalidHandlerException(
                    method,
                    "takes the channel variable `%s`, which %s."
                            .formatted(
                                    name,
                                    template == null
                                            ? "it has no channel pattern for"
                                            : "its channel pattern `" + template + "` does not have"),
                    "Correct the name, or remove the parameter.");
        }
        TypeDescriptor text = TypeDescriptor.valueOf(String.class);
        TypeDescriptor target = new TypeDescriptor(parameter);
        if (!conversion.canConvert(text, target)) {
            throw new InvalidHandlerException(
                    method,
                    "takes the channel variable `%s` as %s, which a text cannot be converted to."
                            .formatted(name, parameter.getParameterType().getName()),
                    "Take it as a String, a number, a date, a UUID or an enum, or define a Converter or Formatter"
                            + " bean.");
        }
        return call -> {
            try {
                return conversion.convert(call.variables().get(name), text, target);
            } catch (ConversionException notOfTheType) {
                throw new BadCommandException(
                        "the channel variable '" + name + "' is not of its type", name + " is not of its type");
            }
        };
    }

    private ArgumentCheck check(Method method, Class<?> beanType, int payload) {
        if (validation == null) {
            refuseConstraints(method);
            return (bean, values) -> {};
        }
        HandlerValidation.Check check = validation.of(method, beanType);
        return check == null ? (bean, values) -> {} : (bean, values) -> check.validate(bean, values, payload);
    }

    private static void refuseConstraints(Method method) {
        if (Arrays.stream(method.getAnnotatedParameterTypes()).anyMatch(HandlerArguments::isConstrained)
                || Arrays.stream(method.getParameterAnnotations())
                        .flatMap(Arrays::stream)
                        .anyMatch(HandlerArguments::isConstraint)) {
            throw new InvalidHandlerException(
                    method,
                    "has a parameter to validate, but the application has no Jakarta Validator, or several of which"
                            + " none is primary, so nothing would be checked.",
                    "Add spring-boot-starter-validation, mark one validator with @Primary, or remove the annotation.");
        }
    }

    private static boolean isConstrained(AnnotatedType type) {
        return Arrays.stream(type.getAnnotations()).anyMatch(HandlerArguments::isConstraint)
                || type instanceof AnnotatedParameterizedType container
                        && Arrays.stream(container.getAnnotatedActualTypeArguments())
                                .anyMatch(HandlerArguments::isConstrained);
    }

    private static boolean isConstraint(Annotation annotation) {
        return ValidationAnnotationUtils.determineValidationHints(annotation) != null
                || MergedAnnotations.from(annotation.annotationType()).isPresent("jakarta.validation.Constraint");
    }

    /** Refuses a payload that is named like a variable of the channel pattern: the annotation is probably missing. */
    private static void refuseForgottenAnnotation(
            MethodParameter parameter, Method method, @Nullable ChannelTemplate template) {
        String name = parameter.getParameterName();
        if (template != null && name != null && template.variables().contains(name)) {
            throw new InvalidHandlerException(
                    method,
                    "takes `%s`, which would be the payload, but is the name of a variable in its pattern `%s`."
                            .formatted(name, template),
                    "Mark it with @ChannelVariable, or give it another name.");
        }
    }

    private static InvalidHandlerException nowhere(
            MethodParameter parameter, Method method, HandlerKind kind, boolean payload) {
        String type = parameter.getParameterType().getName();
        return payload
                ? new InvalidHandlerException(
                        method,
                        "has two parameters that could be the payload, the second a %s.".formatted(type),
                        "Take one payload; other values come from @ChannelVariable, ClientIdentity, Channel or"
                                + " Principal.")
                : new InvalidHandlerException(
                        method,
                        "takes a %s, which is not available to %s.".formatted(type, kind.shown()),
                        "Remove the parameter, use one of the types the documentation of @RealtimeHandler lists, or"
                                + " define a HandlerMethodArgumentResolver bean for it.");
    }
}
