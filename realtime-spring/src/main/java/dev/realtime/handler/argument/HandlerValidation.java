package dev.realtime.handler.argument;

import dev.realtime.handler.BadCommandException;
import dev.realtime.handler.declaration.InvalidHandlerException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Valid;
import jakarta.validation.ValidationException;
import jakarta.validation.Validator;
import jakarta.validation.groups.Default;
import jakarta.validation.metadata.MethodDescriptor;
import jakarta.validation.metadata.ParameterDescriptor;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ObjectUtils;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/**
 * Validation of the arguments of handler methods with Jakarta Validation, as Spring MVC does it: constraints on
 * parameters and on elements of containers, cascades of {@code @Valid}, and {@code @Validated} with groups on a
 * parameter, the method or the class. Loaded only where Jakarta Validation is on the class path.
 */
public final class HandlerValidation {

    private static final Class<?>[] DEFAULT_GROUP = {Default.class};

    private final Validator validator;

    /** Creates a validation by a validator of the application. */
    public HandlerValidation(Validator validator) {
        this.validator = validator;
    }

    /**
     * Reads the constraints of a method at start-up, so that the first call is not slower.
     *
     * @return the check of its arguments, {@code null} if it has no constraints
     * @throws InvalidHandlerException if the constraints are declared in a way that the validator rejects
     */
    @Nullable
    Check of(Method method, Class<?> beanType) {
        MethodDescriptor descriptor;
        try {
            descriptor = validator
                    .getConstraintsForClass(beanType)
                    .getConstraintsForMethod(method.getName(), method.getParameterTypes());
        } catch (ValidationException invalid) {
            throw new InvalidHandlerException(
                    method,
                    "has constraints that cannot be read: " + invalid.getMessage(),
                    "Declare them as Jakarta Validation requires.");
        }
        boolean constrained = descriptor != null
                && descriptor.getParameterDescriptors().stream().anyMatch(HandlerValidation::isConstrained);
        List<Marked> marked = new ArrayList<>();
        for (int index = 0; index < method.getParameterCount(); index++) {
            Class<?>[] groups = groups(method.getParameters()[index].getAnnotations());
            if (groups != null) {
                marked.add(new Marked(index, groups));
            }
        }
        return constrained || !marked.isEmpty()
                ? new Check(method, constrained ? groups(method, beanType) : null, marked)
                : null;
    }

    /** Returns whether it has constraints: by itself, by a cascade, or by either of the elements of a container. */
    private static boolean isConstrained(ParameterDescriptor parameter) {
        return parameter.hasConstraints()
                || parameter.isCascaded()
                || !parameter.getConstrainedContainerElementTypes().isEmpty();
    }

    /** Groups of {@code @Validated} or an annotation named like it; {@code null} without one. */
    private static Class<?> @Nullable [] groups(Annotation[] annotations) {
        for (Annotation annotation : annotations) {
            Object[] hints =
                    annotation instanceof Valid ? null : ValidationAnnotationUtils.determineValidationHints(annotation);
            if (hints != null) {
                return hints.length == 0 ? DEFAULT_GROUP : Arrays.copyOf(hints, hints.length, Class[].class);
            }
        }
        return null;
    }

    private static Class<?>[] groups(Method method, Class<?> beanType) {
        Validated validated = AnnotatedElementUtils.findMergedAnnotation(method, Validated.class);
        if (validated == null) {
            validated = AnnotatedElementUtils.findMergedAnnotation(beanType, Validated.class);
        }
        return validated == null || validated.value().length == 0 ? DEFAULT_GROUP : validated.value();
    }

    /** A parameter that names its own validation groups. */
    private record Marked(int index, Class<?>[] groups) {}

    /** Check of the arguments of one method. */
    final class Check {

        private final Method method;

        /** {@code null} where no parameter has constraints or a cascade. */
        private final Class<?> @Nullable [] groups;

        private final List<Marked> marked;

        private Check(Method method, Class<?> @Nullable [] groups, List<Marked> marked) {
            this.method = method;
            this.groups = groups;
            this.marked = marked;
        }

        /**
         * Validates the arguments of a call.
         *
         * @param payloadIndex of the parameter that is the payload, -1 for none
         * @throws BadCommandException if one violates a constraint; it names properties and constraints, never values
         */
        void validate(Object bean, @Nullable Object[] arguments, int payloadIndex) {
            List<Violation> violations = new ArrayList<>();
            if (groups != null) {
                Object target = AopProxyUtils.getSingletonTarget(bean);
                validator
                        .forExecutables()
                        .validateParameters(target == null ? bean : target, method, arguments, groups)
                        .forEach(violation -> violations.add(Violation.ofMethod(violation, payloadIndex)));
            }
            for (Marked parameter : marked) {
                elements(arguments[parameter.index()])
                        .flatMap(value -> validator.validate(value, parameter.groups()).stream())
                        .forEach(violation -> violations.add(Violation.ofObject(violation)));
            }
            if (!violations.isEmpty()) {
                throw new BadCommandException(
                        "constraints are violated: " + join(violations, Violation::constraint),
                        join(violations, Violation::message));
            }
        }

        private static String join(List<Violation> violations, Function<Violation, String> part) {
            return violations.stream().map(part).sorted().distinct().collect(Collectors.joining("; "));
        }
    }

    /**
     * Returns the objects to validate: the elements where the value is a container, which by itself has no constraints.
     */
    private static Stream<?> elements(@Nullable Object value) {
        if (value == null) {
            return Stream.empty();
        } else if (value instanceof Optional<?> optional) {
            return optional.stream();
        } else if (value instanceof Map<?, ?> map) {
            return map.values().stream();
        } else if (value instanceof Collection<?> collection) {
            return collection.stream();
        } else if (value instanceof Iterable<?> iterable) {
            return StreamSupport.stream(iterable.spliterator(), false);
        }
        return value.getClass().isArray() ? Stream.of(ObjectUtils.toObjectArray(value)) : Stream.of(value);
    }

    /**
     * A violated constraint.
     *
     * @param path of the property, as the client sees its data
     * @param constraint path and name of the constraint, for the log
     * @param message path and message, for the client
     */
    private record Violation(String constraint, String message) {

        static Violation ofMethod(ConstraintViolation<?> violation, int payloadIndex) {
            String path = violation.getPropertyPath().toString();
            for (Path.Node node : violation.getPropertyPath()) {
                if (node.getKind() == ElementKind.PARAMETER) {
                    path = path.substring(path.indexOf('.') + 1);
                    if (node.as(Path.ParameterNode.class).getParameterIndex() == payloadIndex) {
                        path = path.substring(node.getName().length());
                    }
                }
            }
            return of(violation, path);
        }

        static Violation ofObject(ConstraintViolation<?> violation) {
            return of(violation, violation.getPropertyPath().toString());
        }

        private static Violation of(ConstraintViolation<?> violation, String path) {
            String shown = path.startsWith(".") ? path.substring(1) : path.isEmpty() ? "data" : path;
            Annotation constraint = violation.getConstraintDescriptor().getAnnotation();
            return new Violation(
                    shown + " " + constraint.annotationType().getSimpleName(), shown + " " + violation.getMessage());
        }
    }
}
