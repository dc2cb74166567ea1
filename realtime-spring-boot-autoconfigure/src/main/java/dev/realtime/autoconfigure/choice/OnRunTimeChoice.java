package dev.realtime.autoconfigure.choice;

import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Condition behind {@link ConditionalOnChoice}. */
final class OnRunTimeChoice extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Map<String, Object> attributes = metadata.getAnnotationAttributes(ConditionalOnChoice.class.getName());
        RunTimeChoice choice = (RunTimeChoice) attributes.get("value");
        Environment environment = context.getEnvironment();
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnChoice.class, choice);
        if (RunTimeChoice.areOpen(environment)) {
            return ConditionOutcome.match(message.because("it is made when the application starts"));
        }
        return choice.isWanted(environment)
                ? ConditionOutcome.match(message.because("properties select it"))
                : ConditionOutcome.noMatch(message.because("properties do not select it"));
    }
}
