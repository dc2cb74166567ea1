package dev.realtime.handler.invocation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import kotlin.jvm.JvmClassMappingKt;
import kotlin.reflect.KClass;
import kotlin.reflect.KFunction;
import kotlin.reflect.KParameter;
import kotlin.reflect.full.KClasses;
import kotlin.reflect.jvm.KCallablesJvm;
import kotlin.reflect.jvm.ReflectJvmMapping;
import org.jspecify.annotations.Nullable;
import org.springframework.core.KotlinDetector;

/**
 * Calls of Kotlin functions with default values, which Java's reflection does not apply. Its nested class is loaded
 * only where the application is written in Kotlin and has {@code kotlin-reflect}.
 */
final class KotlinFunctions {

    private KotlinFunctions() {}

    /** Returns whether a call with these values needs the default value of a parameter. */
    static boolean needsDefaults(Method method, @Nullable Object[] values) {
        if (!KotlinDetector.isKotlinReflectPresent()
                || !KotlinDetector.isKotlinType(method.getDeclaringClass())
                || Arrays.stream(values).allMatch(Objects::nonNull)) {
            return false;
        }
        return Defaults.areNeeded(method, values);
    }

    /**
     * Calls a function.
     *
     * @throws InvocationTargetException with the exception of the function, which Kotlin does not declare
     */
    @Nullable
    static Object invoke(Method method, Object target, @Nullable Object[] values) throws InvocationTargetException {
        return Defaults.invoke(method, target, values);
    }

    /** Part that needs the classes of Kotlin. */
    private static final class Defaults {

        static boolean areNeeded(Method method, @Nullable Object[] values) {
            KFunction<?> function = ReflectJvmMapping.getKotlinFunction(method);
            return function != null
                    && function.getParameters().stream()
                            .filter(parameter -> parameter.getKind() == KParameter.Kind.VALUE)
                            .anyMatch(parameter -> isLeftOut(parameter, values));
        }

        /** Returns whether the default value applies. The instance is the parameter with the index 0. */
        private static boolean isLeftOut(KParameter parameter, @Nullable Object[] values) {
            return parameter.isOptional() && values[parameter.getIndex() - 1] == null;
        }

        static @Nullable Object invoke(Method method, Object target, @Nullable Object[] values)
                throws InvocationTargetException {
            KFunction<?> function = Objects.requireNonNull(ReflectJvmMapping.getKotlinFunction(method));
            KCallablesJvm.setAccessible(function, true);
            Map<KParameter, @Nullable Object> arguments = new HashMap<>();
            for (KParameter parameter : function.getParameters()) {
                if (parameter.getKind() == KParameter.Kind.INSTANCE) {
                    arguments.put(parameter, target);
                } else if (!isLeftOut(parameter, values)) {
                    arguments.put(parameter, boxed(parameter, values[parameter.getIndex() - 1]));
                }
            }
            return function.callBy(arguments);
        }

        /** Returns the value as the function declares it: the Java method takes the content of a value class. */
        private static @Nullable Object boxed(KParameter parameter, @Nullable Object value) {
            if (value != null
                    && parameter.getType().getClassifier() instanceof KClass<?> type
                    && KotlinDetector.isInlineClass(JvmClassMappingKt.getJavaClass(type))
                    && !type.isInstance(value)) {
                return Objects.requireNonNull(KClasses.getPrimaryConstructor(type))
                        .call(value);
            }
            return value;
        }
    }
}
