package dev.realtime.autoconfigure;

import java.util.Locale;

/** What carries publications between nodes and keeps history and presence. */
enum EngineType {
    /** Everything in this process: a single node. */
    MEMORY,
    /** Redis: any number of nodes. */
    REDIS;

    /**
     * Checks that the configuration wants this engine still. Ahead-of-time processing chooses beans when the
     * application is built; a property that is given at run time changes nothing about that.
     *
     * @throws InvalidRealtimePropertyException if it wants another one
     */
    void checkAtRunTime(EngineType wanted) {
        if (wanted != this) {
            throw new InvalidRealtimePropertyException(
                    "realtime.engine",
                    ("`realtime.engine` is `%s` but the application was processed ahead of time with `%s`, so it has"
                                    + " that engine.")
                            .formatted(wanted.text(), text()),
                    ("Set `realtime.engine=%s` when the application is built, for instance in `application.yml`;"
                                    + " addresses and everything else can be given at run time.")
                            .formatted(wanted.text()));
        }
    }

    private String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
