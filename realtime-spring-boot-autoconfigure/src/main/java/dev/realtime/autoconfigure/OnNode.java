package dev.realtime.autoconfigure;

import dev.realtime.node.RealtimeNode;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Condition behind {@link ConditionalOnNode}. */
final class OnNode extends SpringBootCondition implements ConfigurationCondition {

    /** Name of the bean of {@link RealtimeAutoConfiguration}; that of an application may have any name. */
    private static final String USUAL = "realtimeNode";

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnNode.class);
        return hasNode(context.getBeanFactory())
                ? ConditionOutcome.match(message.foundExactly("a node"))
                : ConditionOutcome.noMatch(message.because("there is no node"));
    }

    private static boolean hasNode(ConfigurableListableBeanFactory beans) {
        return beans.containsBeanDefinition(USUAL) && beans.isTypeMatch(USUAL, RealtimeNode.class)
                || BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, RealtimeNode.class, true, false).length
                        > 0;
    }
}
