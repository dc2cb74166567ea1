package dev.realtime.engine.redis;

import java.util.List;
import reactor.core.publisher.Mono;

/** Scripts that may run on a replica. */
@FunctionalInterface
interface ReplicaScripts {

    /** Runs a script on a replica. Completes empty if the primary is to be asked; never fails. */
    Mono<List<Object>> read(Script script, byte[][] keys, byte[][] arguments);
}
