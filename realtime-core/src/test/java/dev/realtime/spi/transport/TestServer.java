package dev.realtime.spi.transport;

/** Server of a test at a free port. */
public interface TestServer extends AutoCloseable {

    /** Returns the port. */
    int port();

    @Override
    void close();
}
