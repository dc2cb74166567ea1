package dev.realtime.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** The API is on when there is a key, or when it is said to need none. */
final class OnHttpApiCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment environment = context.getEnvironment();
        ConditionMessage.Builder message = ConditionMessage.forCondition("Realtime HTTP API");
        if (StringUtils.hasText(environment.getProperty(HttpApiSecurity.KEY))) {
            return ConditionOutcome.match(message.foundExactly(HttpApiSecurity.KEY));
        }
        if (environment.getProperty(HttpApiSecurity.INSECURE, Boolean.class, false)) {
            return ConditionOutcome.match(message.foundExactly(HttpApiSecurity.INSECURE));
        }
        return ConditionOutcome.noMatch(message.didNotFind("property").items(HttpApiSecurity.KEY));
    }
}
