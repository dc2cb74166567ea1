package dev.realtime.handler;

import dev.realtime.auth.ClientIdentity;
import dev.realtime.auth.ConnectContext;
import dev.realtime.channel.Channel;
import dev.realtime.protocol.Disconnect;
import dev.realtime.protocol.Unsubscribe;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.util.ClassUtils;

/** Decides at start-up where each argument of a handler method comes from, and refuses those that come from nowhere. */
final class HandlerArguments {

    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

    private static final boolean SECURITY = ClassUtils.isPresent(
            "org.springframework.security.core.annotation.AuthenticationPrincipal",
            HandlerArguments.class.getClassLoader());

    private final PayloadArguments payloads;

    private final ConversionService conversion;

    HandlerArguments(PayloadArguments payloads, ConversionService conversion) {
        this.payloads = payloads;
        this.conversion = conversion;
    }

    /** @throws InvalidHandlerException if an argument would come from nowhere */
    List<HandlerArgument> of(Method method, HandlerKind kind, @Nullable ChannelTemplate template) {
        List<HandlerArgument> arguments = new ArrayList<>();
        boolean payload = false;
        for (int index = 0; index < method.getParameterCount(); index++) {
            MethodParameter parameter = new MethodParameter(method, index);
            parameter.initParameterNameDiscovery(NAMES);
            HandlerArgument argument = known(parameter, method, kind, template);
            if (argument == null) {
                if (!kind.hasPayload() || payload) {
                    throw nowhere(parameter, method, kind, payload);
                }
                refuseForgottenAnnotation(parameter, method, template);
                payload = true;
                argument = payloads.of(parameter, method);
            }
            arguments.add(argument);
        }
        return List.copyOf(arguments);
    }

    private @Nullable HandlerArgument known(
            MethodParameter parameter, Method method, HandlerKind kind, @Nullable ChannelTemplate template) {
        Class<?> type = parameter.getParameterType();
        if (parameter.hasParameterAnnotation(ChannelVariable.class)) {
            return variable(parameter, method, template);
        } else if (SECURITY && AuthenticatedPrincipal.isWanted(parameter)) {
            return AuthenticatedPrincipal.argument(parameter, method);
        } else if (type == ClientIdentity.class) {
            return HandlerCall::client;
        } else if (Principal.class.isAssignableFrom(type)) {
            return call -> type.isInstance(call.principal()) ? call.principal() : null;
        } else if (type == Channel.class && kind.isAboutChannels()) {
            return HandlerCall::channel;
        } else if (type == ConnectContext.class && kind == HandlerKind.CONNECT) {
            return HandlerCall::connect;
        } else if (type == Unsubscribe.class && kind == HandlerKind.UNSUBSCRIBE) {
            return HandlerCall::unsubscribe;
        } else if (type == Disconnect.class && kind == HandlerKind.DISCONNECT) {
            return HandlerCall::disconnect;
        }
        return null;
    }

    private HandlerArgument variable(MethodParameter parameter, Method method, @Nullable ChannelTemplate template) {
        ChannelVariable annotation = parameter.getParameterAnnotation(ChannelVariable.class);
        String name =
                annotation == null || annotation.value().isEmpty() ? parameter.getParameterName() : annotation.value();
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
                    "Take it as a String, a number, a UUID or an enum, or register a converter.");
        }
        return call -> {
            try {
                return conversion.convert(call.variables().get(name), text, target);
            } catch (ConversionException notOfTheType) {
                throw new BadCommandException("the channel variable '" + name + "' is not of its type");
            }
        };
    }

    /** A payload named like a variable is almost surely the variable. */
    private static void refuseForgottenAnnotation(
            MethodParameter parameter, Method method, @Nullable ChannelTemplate template) {
        String name = parameter.getParameterName();
        if (template != null && name != null && template.variables().contains(name)) {
            throw new InvalidHandlerException(
                    method,
                    "takes `%s`, which is named like a variable of its channel pattern `%s` but would be the payload."
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
                        "Take one payload; other values come from @ChannelVariable, ClientIdentity, Channel or Principal.")
                : new InvalidHandlerException(
                        method,
                        "takes a %s, which %s has nothing to give for.".formatted(type, kind.shown()),
                        "Remove the parameter, or use one of the types the documentation of @RealtimeHandler lists.");
    }
}
