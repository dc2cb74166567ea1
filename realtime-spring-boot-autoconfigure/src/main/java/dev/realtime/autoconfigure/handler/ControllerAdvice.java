package dev.realtime.autoconfigure.handler;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.handler.MessagingAdviceBean;
import org.springframework.util.ClassUtils;
import org.springframework.web.method.ControllerAdviceBean;

/** Advice for handler methods from the {@code @ControllerAdvice} beans of the application. */
final class ControllerAdvice {

    private static final boolean WEB = ClassUtils.isPresent(
            "org.springframework.web.method.ControllerAdviceBean", ControllerAdvice.class.getClassLoader());

    private ControllerAdvice() {}

    /** Returns the advice in its order; none without Spring's web support on the class path. */
    static List<MessagingAdviceBean> of(ApplicationContext context) {
        return WEB ? Found.in(context) : List.of();
    }

    /** Loaded only where the type is on the class path. */
    private record Found(ControllerAdviceBean advice) implements MessagingAdviceBean {

        static List<MessagingAdviceBean> in(ApplicationContext context) {
            return ControllerAdviceBean.findAnnotatedBeans(context).stream()
                    .<MessagingAdviceBean>map(Found::new)
                    .toList();
        }

        @Override
        public @Nullable Class<?> getBeanType() {
            return advice.getBeanType();
        }

        @Override
        public Object resolveBean() {
            return advice.resolveBean();
        }

        @Override
        public boolean isApplicableToBeanType(Class<?> type) {
            return advice.isApplicableToBeanType(type);
        }

        @Override
        public int getOrder() {
            return advice.getOrder();
        }
    }
}
