package org.dvs.transport.api;

import java.nio.ByteBuffer;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A protocol: decides about new connections and gives each its {@link Handler}. Register it as a service; of several with one
 * name the first counts until it goes.
 *
 * <p><b>Replacing it.</b> When the service goes, each of its connections is asked for its state ({@link Handler#park}) and
 * <em>parked</em>: it stays open, reading stops, what was read and not yet handed over stays with it, as does the state. The
 * next service of the same name gets it by {@link #resumed} and then every byte in order, none lost, none twice. A parked
 * connection is closed after {@link Limits#parkMs}. Unregistering returns when every handler has been asked, after 5 s at the
 * latest.
 *
 * <p><b>Threads.</b> {@link #opened} and {@link #resumed} are called on the connection's {@link Loop}, for several connections at
 * once. They must not block.
 * <p>Source: design 7.
 */
@ConsumerType
public interface Protocol {

    /** {@code [A-Za-z0-9._-]{1,64}}; never changes. */
    String name();

    /** How the bytes are cut; never changes. */
    default Framing framing() {
        return Framing.LENGTH;
    }

    /**
     * What this protocol wants where the node's settings do not suit it. Asked when the service comes, and again when those
     * settings have changed; the answer counts for connections that are opened or resumed from then on. Any thread.
     *
     * @param configured the node's settings; sizes above these are cut to them
     */
    default Limits limits(Limits configured) {
        return configured;
    }

    /**
     * A connection was accepted or made, TLS included. The connection may be written to from here on.
     *
     * @return what hears of it from now on
     * @throws DvsException refuses it: it is closed, the refusal counted
     */
    Handler opened(Connection connection) throws DvsException;

    /**
     * A parked connection is handed over.
     *
     * @param connection a new object for the same connection; that of the handler before does nothing any more
     * @param state      what {@link Handler#park} of the handler before gave
     * @throws DvsException the state is not understood: it is closed, the refusal counted
     */
    Handler resumed(Connection connection, ByteBuffer state) throws DvsException;
}
