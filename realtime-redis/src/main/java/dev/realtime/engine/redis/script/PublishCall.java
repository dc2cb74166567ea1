package dev.realtime.engine.redis.script;

import dev.realtime.engine.redis.driver.Redirect;
import dev.realtime.engine.redis.driver.RedisErrorKind;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One publish of a message that nothing keeps, from the first sending to the number of receivers.
 *
 * <p>With sharded pub/sub it goes to the owner of the partition, through the lane of its scripts: where the slot has
 * moved the driver would follow the redirect of each publish by itself, and those behind it, which know the new owner
 * already, would overtake it. It is sent again when the server certainly did nothing, within the time of one command,
 * and never when the outcome is not known.
 */
final class PublishCall extends LaneCall<Long> {

    /** Bytes of a call besides name and message. */
    private static final int OVERHEAD = 300;

    private final int partition;

    private final byte[] name;

    private final byte[] message;

    private final String description;

    /** @param description beginning of a sentence, for messages */
    PublishCall(
            RedisScripts scripts,
            int partition,
            byte[] name,
            byte[] message,
            String description,
            ScriptCall.Observer<Long> observer) {
        super(scripts, partition, observer, endOfTime(scripts));
        this.partition = partition;
        this.name = name;
        this.message = message;
        this.description = description;
    }

    @Override
    String description() {
        return description;
    }

    @Override
    public @Nullable Script script() {
        return null;
    }

    @Override
    public CompletionStage<Long> dispatch(boolean withSource) {
        try {
            return scripts.redis().sharded()
                    ? scripts.redis().direct(partition).spublish(name, message)
                    : scripts.redis().publish(partition, name, message);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public int size() {
        return OVERHEAD + name.length + message.length;
    }

    @Override
    public void accept(@Nullable Long receivers, @Nullable Throwable error) {
        if (error == null) {
            lane().ended();
            observer.succeeded(Objects.requireNonNull(receivers));
            return;
        }
        RedisErrorKind failure = RedisErrorKind.of(error);
        if (failure.isPassingRefusal() && isTimeForPause()) {
            againAfterRefusal(failure, Redirect.of(error), error);
        } else {
            lane().ended();
            report(failure, error);
        }
    }
}
