package dev.realtime.endpoint;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Contract of the API, which holds on each stack: runs a test class once for each, with an {@link ApiServer} that has
 * the default settings, the same to all. Channels are theirs alone by their names.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@ArgumentsSource(OnEachStack.Servers.class)
@interface OnEachStack {

    /** Servers that live as long as the tests. */
    final class Servers implements ArgumentsProvider {

        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            ExtensionContext.Store store =
                    context.getRoot().getStore(ExtensionContext.Namespace.create(OnEachStack.class));
            return Arrays.stream(Stack.values())
                    .map(stack ->
                            Arguments.of(store.computeIfAbsent(stack, key -> ApiServer.start(stack), ApiServer.class)));
        }
    }
}
