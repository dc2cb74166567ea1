package dev.realtime.engine.redis.script;

import java.util.List;
import reactor.core.publisher.Mono;

/** Scripts that may run on a replica. */
@FunctionalInterface
public interface ReplicaScripts {

    /** Runs a script on a replica. Completes empty if the primary is to be asked; never fails. */
    Mono<List<Object>> read(Script script, byte[][] keys, byte[][] arguments);
}
