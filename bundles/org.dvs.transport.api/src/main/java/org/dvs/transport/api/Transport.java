package org.dvs.transport.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * This node's sockets. An OSGi service; thread-safe; no method waits for the network but {@link #listen}, which waits until the
 * address is open, 5 s at the most.
 *
 * <p>Who speaks over a connection is the {@link Protocol} service of the name given. While there is none, listeners stay open and
 * accept nothing, and connections are parked: see there. So a bundle opens its listener in its activation and leaves it open in
 * its deactivation; its next version asks for the same listener and gets it.
 * <p>Source: design 7, conventions 10.
 */
@ProviderType
public interface Transport {
    /** Milliseconds that a listener counts as wanted after it was asked for in vain. */
    long CLOSED_DOOR_MS = 30_000;

    /**
     * Opens a listener, or takes over the open one of that name. One with the same protocol, address and options stays as it
     * is; any other is closed first, its connections stay.
     *
     * @param name     {@code [A-Za-z0-9._-]{1,64}}, of one listener on this node
     * @param protocol name of the {@link Protocol}; it may come later
     * @throws DvsException {@code ADDRINUSE}, {@code ADDRNOTAVAIL}, {@code ACCES}, {@code BADVALUE} for a name, an address or
     *     options that are not possible (such as no TLS beyond loopback), {@code PROTONOSUPPORT} for a Unix-domain address
     *     where the peer's credentials cannot be had, {@code NOTREADY} for TLS without an identity, {@code SHUTDOWN}
     */
    Listener listen(String name, String protocol, Address address, ListenOptions options) throws DvsException;

    /**
     * Connects, once: trying again is the caller's business. The deadlines of connect and TLS handshake count.
     *
     * @param name     {@code [A-Za-z0-9._-]{1,64}}; need not be unique
     * @param protocol name of the {@link Protocol} that gets the connection. It must be there
     * @return ends when {@link Protocol#opened} has returned, on the connection's loop; or with a {@link DvsException}:
     *     {@code CONNREFUSED}, {@code DSTNOTRCH}, {@code TIMEDOUT}, {@code BADCERT} for the handshake, {@code BADVALUE},
     *     {@code CONNRESET}, {@code PROTONOSUPPORT} if the protocol is not there, {@code NOTREADY} for TLS without an identity,
     *     {@code SHUTDOWN}. Cancelling it ends the attempt
     */
    CompletableFuture<Connection> connect(String name, String protocol, Address address, ConnectOptions options);

    /** The threads of this transport, always the same, at least one. */
    List<Loop> loops();

    /** All listeners, by name. */
    List<ListenerInfo> listeners();

    /**
     * Listeners that were asked for and could not be opened, by name: so others can say of this node that it does not hear what
     * it should. Each stands here for {@value #CLOSED_DOOR_MS} ms after it was asked for last, or until it is open: who goes on
     * wanting it asks again meanwhile.
     */
    default List<ClosedDoor> closedDoors() {
        return List.of();
    }

    /**
     * The open listener of that name, whoever opened it: so the next version of a bundle closes what the former left open and it
     * does not want itself. {@link #listeners} says which there are, and of which protocol.
     *
     * @return empty if there is none
     */
    Optional<Listener> listener(String name);

    /** All connections, parked ones too, by name. A snapshot that is true for each connection, not of one moment for all. */
    List<ConnectionInfo> connections();
}
