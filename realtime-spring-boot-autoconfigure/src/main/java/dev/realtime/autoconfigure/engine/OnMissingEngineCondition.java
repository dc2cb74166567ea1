package dev.realtime.autoconfigure.engine;

import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.spi.engine.Engine;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Condition behind {@link ConditionalOnMissingEngine}. */
final class OnMissingEngineCondition extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        List<String> choices =
                RunTimeChoice.areOpen(context.getEnvironment()) ? RunTimeChoice.engineBeans() : List.of();
        List<String> engines = Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                        context.getBeanFactory(), Engine.class, true, false))
                .filter(name -> !choices.contains(name))
                .toList();
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnMissingEngine.class);
        return engines.isEmpty()
                ? ConditionOutcome.match(message.didNotFind("engine").atAll())
                : ConditionOutcome.noMatch(message.found("engine", "engines").items(engines));
    }
}
