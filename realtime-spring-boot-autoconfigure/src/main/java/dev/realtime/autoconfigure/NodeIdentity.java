package dev.realtime.autoconfigure;

import dev.realtime.node.RealtimeNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.system.ApplicationPid;

/** What a node says of itself when nothing is configured. */
final class NodeIdentity {

    private NodeIdentity() {}

    /** Host name and process id, such as {@code web-1_4711}: unique, and the machine to look at can be read from it. */
    static String defaultName() {
        return hostName() + "_" + new ApplicationPid();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "localhost";
        }
    }

    /** Version in the manifest of the core; {@code development} where it runs from its classes. */
    static String version() {
        String version = RealtimeNode.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
