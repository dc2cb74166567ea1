package dev.realtime.autoconfigure;

/** What carries publications between nodes and keeps history and presence. */
enum EngineType {
    /** Everything in this process: a single node. */
    MEMORY,
    /** Redis: any number of nodes. */
    REDIS
}
