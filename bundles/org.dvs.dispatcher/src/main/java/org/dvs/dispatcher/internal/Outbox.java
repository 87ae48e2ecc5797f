package org.dvs.dispatcher.internal;

import java.util.function.Consumer;

import org.dvs.api.DvsException;

/** The way out, for those who must not wait: messages leave in the order in which one thread brings them. */
public interface Outbox {

    /** @param failed hears, on any thread, why it could not be sent */
    void multicast(byte[] message, Consumer<DvsException> failed);

    /** @param failed likewise */
    void send(int nodeId, byte[] message, Consumer<DvsException> failed);
}
