package dev.realtime.json;

/**
 * Checked exception for text that is not JSON, or not the JSON that a reader expects. Carries no stack trace: hostile
 * input must stay cheap.
 */
public final class MalformedJsonException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param brokenRule the rule that was broken, in one sentence, without text of the client */
    public MalformedJsonException(String brokenRule) {
        super(brokenRule, null, false, false);
    }
}
