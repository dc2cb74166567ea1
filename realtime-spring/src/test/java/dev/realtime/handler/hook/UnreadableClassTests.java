package dev.realtime.handler.hook;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.realtime.handler.OnRpc;
import dev.realtime.handler.RealtimeHandler;
import dev.realtime.handler.declaration.InvalidHandlerException;
import org.junit.jupiter.api.Test;
import org.springframework.core.OverridingClassLoader;

/** Beans of classes whose methods name classes that are not on the class path. */
class UnreadableClassTests {

    static class Missing {}

    static class Other {

        public void take(Missing missing) {}
    }

    @RealtimeHandler
    static class Marked {

        @OnRpc
        String call() {
            return "works";
        }

        public void take(Missing missing) {}
    }

    /** Returns a bean of a class that was loaded where {@link Missing} is missing. */
    private static Object unreadable(Class<?> type) throws Exception {
        ClassLoader loader = new OverridingClassLoader(type.getClassLoader()) {
            @Override
            protected boolean isEligibleForOverriding(String name) {
                return name.equals(type.getName());
            }

            @Override
            public Class<?> loadClass(String name) throws ClassNotFoundException {
                if (name.equals(Missing.class.getName())) {
                    throw new ClassNotFoundException(name);
                }
                return super.loadClass(name);
            }
        };
        var constructor = loader.loadClass(type.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    @Test
    void beanThatIsNoHandlerIsLeftAlone() throws Exception {
        Object bean = unreadable(Other.class);

        assertThatNoException().isThrownBy(() -> new HandlerCalls(bean));
    }

    @Test
    void handlerIsRefused() throws Exception {
        Object bean = unreadable(Marked.class);

        assertThatExceptionOfType(InvalidHandlerException.class)
                .isThrownBy(() -> new HandlerCalls(bean))
                .withMessageContaining("`" + Marked.class.getName() + "` is marked with @RealtimeHandler")
                .withMessageContaining(Missing.class.getSimpleName())
                .withCauseInstanceOf(NoClassDefFoundError.class);
    }
}
