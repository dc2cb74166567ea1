package dev.realtime.autoconfigure.webflux;

import dev.realtime.webflux.EndpointMapping;

/**
 * Endpoint at which clients connect.
 *
 * @param transport name of the transport, for people
 * @param mapping mapping of its path or paths
 */
public record ClientEndpoint(String transport, EndpointMapping mapping) {}
