package dev.realtime.connection;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Reply;
import dev.realtime.protocol.Result;

/**
 * Way of the outcome of a command to the client, which depends on the direction of its connection. Used on the executor
 * of the connection only.
 */
sealed interface Responder {

    /** Sends the result of a command. */
    void succeed(long id, Result result);

    /** Sends the error of a command. */
    void fail(long id, ClientError error);

    /** Responder of a bidirectional connection: a reply to each command. */
    final class Replies implements Responder {

        private final ClientWriter writer;

        Replies(ClientWriter writer) {
            this.writer = writer;
        }

        @Override
        public void succeed(long id, Result result) {
            writer.reply(new Reply.Success(id, result));
        }

        @Override
        public void fail(long id, ClientError error) {
            writer.reply(new Reply.Failure(id, error));
        }
    }

    /**
     * Responder of a unidirectional connection, whose only command is connect: its result is the first push, its error
     * ends the connection.
     */
    final class Pushes implements Responder {

        private final ClientWriter writer;

        private final ClientWriter.Closer closer;

        Pushes(ClientWriter writer, ClientWriter.Closer closer) {
            this.writer = writer;
            this.closer = closer;
        }

        @Override
        public void succeed(long id, Result result) {
            if (result instanceof Result.Connect connect) {
                writer.push(new Push.Connected(connect));
            }
        }

        @Override
        public void fail(long id, ClientError error) {
            writer.connectFailed(error);
            closer.close(disconnectOf(error), "connect failed with " + error);
        }

        /** Returns the disconnect in the place of an error, which a client without commands could not react to. */
        private static Disconnect disconnectOf(ClientError error) {
            if (error.code() == ClientError.TOKEN_EXPIRED.code() || error.code() == ClientError.EXPIRED.code()) {
                return Disconnect.EXPIRED;
            }
            if (error.code() == ClientError.TOO_MANY_REQUESTS.code()) {
                return Disconnect.TOO_MANY_REQUESTS;
            }
            return error.code() == ClientError.PERMISSION_DENIED.code()
                    ? Disconnect.PERMISSION_DENIED
                    : Disconnect.SERVER_ERROR;
        }
    }
}
