package dev.realtime.web;

/**
 * Reason for which a handshake is refused.
 *
 * @param status status of the response
 * @param reason body of the response, for developers of clients
 */
public record HandshakeRefusal(int status, String reason) {

    static HandshakeRefusal badRequest(String reason) {
        return new HandshakeRefusal(400, reason);
    }
}
