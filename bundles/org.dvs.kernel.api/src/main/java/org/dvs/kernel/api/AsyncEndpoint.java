package org.dvs.kernel.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A bound program that never waits: each call that may take time is begun and its {@link Completion} hears the end. The
 * rules and errors are those of {@link Endpoint}; a message given belongs to the kernel until the call has ended. Without a
 * {@code Completion} a call is refused by {@link IllegalArgumentException}.
 *
 * <p>While a call is under way the program is handed no message.
 */
@ProviderType
public interface AsyncEndpoint {
    int dcid();

    int number();

    String name();

    Memory memory();

    void send(int destination, Message message, long timeoutMs, Completion done);

    /** Takes the next message; for programs that are not handlers. */
    void receive(int source, Message message, long timeoutMs, Completion done);

    void sendrec(int peer, Message message, long timeoutMs, Completion done);

    /** For programs that are not handlers. */
    void rcvrqst(Message message, long timeoutMs, Completion done);

    void reply(int destination, Message message, long timeoutMs, Completion done);

    /**
     * Answers a process of this node at once.
     *
     * @return 0, or an EDVS number; {@code RMTPROC} if the process is on another node
     */
    int reply(int destination, Message message);

    void notify(int destination, long timeoutMs, Completion done);

    void notifyValue(int destination, int value, long timeoutMs, Completion done);

    /** Ends with the bytes copied. */
    void vcopy(int source, long sourceAddress, int destination, long destinationAddress, int bytes, Completion done);

    /** Ends with 0 when the endpoint is bound. */
    void wait4bind(int endpoint, long timeoutMs, Completion done);

    void wait4unbind(int endpoint, long timeoutMs, Completion done);

    void unbind(int endpoint, long timeoutMs, Completion done);

    /**
     * @return the endpoint, or an EDVS number below {@link EndpointNumbers#ERROR_LIMIT}: {@code PRIVILEGES} stands for {@code
     * BADCALL}
     */
    int getep(int pid);

    /** Unbinds this program. */
    void close();
}
