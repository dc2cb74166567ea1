package dev.realtime.handler.declaration;

import dev.realtime.handler.HandlerLimits;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * Bounds of one handler method.
 *
 * @param timeout time limit of a call of the method; {@code null} for the common one
 */
public record MethodBounds(
        int concurrency, int queueSize, @Nullable Duration timeout) {

    /** @throws InvalidHandlerException if a limit cannot be read or is out of range */
    public static MethodBounds of(
            Method method, Class<?> beanType, HandlerBounds defaults, ConfigurableBeanFactory placeholders) {
        Reader reader = new Reader(
                method,
                placeholders,
                AnnotatedElementUtils.findMergedAnnotation(method, HandlerLimits.class),
                AnnotatedElementUtils.findMergedAnnotation(beanType, HandlerLimits.class));
        Duration timeout = reader.read(
                "timeout",
                HandlerLimits::timeout,
                DurationFormatterUtils::detectAndParse,
                time -> !time.isNegative() && !time.isZero(),
                "Write a time longer than zero, such as 500ms or 2s.");
        Integer concurrency = reader.read(
                "concurrency",
                HandlerLimits::concurrency,
                Integer::valueOf,
                number -> number > 0,
                "Write a number above zero.");
        Integer queueSize = reader.read(
                "queueSize",
                HandlerLimits::queueSize,
                Integer::valueOf,
                number -> number >= 0,
                "Write a number, 0 for a method whose calls never wait.");
        return new MethodBounds(
                Objects.requireNonNullElse(concurrency, defaults.concurrency()),
                Objects.requireNonNullElse(queueSize, defaults.queueSize()),
                timeout);
    }

    /**
     * Values of the annotation.
     *
     * @param onMethod takes precedence
     */
    private record Reader(
            Method method,
            ConfigurableBeanFactory placeholders,
            @Nullable HandlerLimits onMethod,
            @Nullable HandlerLimits onClass) {

        <T> @Nullable T read(
                String name,
                Function<HandlerLimits, String> attribute,
                Function<String, T> parser,
                Predicate<T> accepted,
                String action) {
            String written = written(attribute);
            String text = written;
            try {
                text = placeholders.resolveEmbeddedValue(written);
                if (text == null || text.isBlank()) {
                    return null;
                }
                T value = parser.apply(text.strip());
                if (accepted.test(value)) {
                    return value;
                }
            } catch (IllegalArgumentException | ArithmeticException unreadable) {
                // Refused below.
            }
            String shown = written.equals(text) ? "`" + written + "`" : "`" + written + "`, which is `" + text + "`";
            throw new InvalidHandlerException(
                    method, "has limits whose %s cannot be %s.".formatted(name, shown), action);
        }

        private String written(Function<HandlerLimits, String> attribute) {
            String own = onMethod == null ? "" : attribute.apply(onMethod);
            return own.isEmpty() && onClass != null ? attribute.apply(onClass) : own;
        }
    }
}
