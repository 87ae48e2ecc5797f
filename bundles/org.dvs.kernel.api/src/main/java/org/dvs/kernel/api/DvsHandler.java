package org.dvs.kernel.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A program in the container without a thread of its own: it is called with each message, one at a time, on the thread that
 * brought it. Register it as a service with the properties of {@link DvsProgram}.
 */
@ConsumerType
@FunctionalInterface
public interface DvsHandler {
    /**
     * Handles one message or notification. Must not block: it may run on the sender's thread or on a network thread. What it
     * begins with {@code self} goes on after it has returned; the next message comes when that has ended too.
     *
     * @param message valid during this call only
     */
    void message(Message message, AsyncEndpoint self);
}
