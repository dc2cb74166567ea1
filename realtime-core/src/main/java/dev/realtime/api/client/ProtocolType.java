package dev.realtime.api.client;

/** Encoding a client speaks for the life of its connection. */
public enum ProtocolType {
    /** JSON text, commands separated by one line feed. */
    JSON,
    /** Protobuf messages, each preceded by its length as an unsigned varint. */
    PROTOBUF
}
