package dev.realtime.handler;

import jakarta.validation.Validator;
import java.util.stream.Collectors;

/** Validates payloads with Jakarta Validation. Loaded only where that is on the class path. */
public final class PayloadValidator {

    private final Validator validator;

    public PayloadValidator(Validator validator) {
        this.validator = validator;
    }

    /** Reads the constraints of a type, which takes time that the first caller would have to wait. */
    void prepare(Class<?> type) {
        validator.getConstraintsForClass(type);
    }

    /** Names the properties that violate a constraint, never their values. */
    void validate(Object value) {
        var violations = validator.validate(value);
        if (!violations.isEmpty()) {
            throw new BadCommandException("its data violates constraints: "
                    + violations.stream()
                            .map(violation -> violation.getPropertyPath() + " "
                                    + violation
                                            .getConstraintDescriptor()
                                            .getAnnotation()
                                            .annotationType()
                                            .getSimpleName())
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
    }
}
