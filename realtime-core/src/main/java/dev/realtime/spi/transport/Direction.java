package dev.realtime.spi.transport;

/** Direction of a connection: whether the client sends commands. */
public enum Direction {
    /** The client sends commands and gets replies and pushes, each in the envelope of a reply. */
    BIDIRECTIONAL,
    /** The client sends nothing but its connect request and gets bare pushes. */
    UNIDIRECTIONAL
}
