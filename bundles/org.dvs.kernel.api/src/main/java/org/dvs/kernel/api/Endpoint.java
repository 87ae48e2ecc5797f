package org.dvs.kernel.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A bound program as it sees itself: the IPC primitives, each waiting on the calling thread.
 *
 * <p>IPC is rendezvous: {@link #send} has ended when the receiver has the message, on whatever node it is. Only notifications
 * are kept, one of each sender. A program makes one call at a time: a second one meanwhile, from another thread, gets
 * {@code PROCRUN}.
 *
 * <p><b>Time-outs</b> are milliseconds for the whole call: {@link #NOWAIT} gives {@code AGAIN} instead of waiting,
 * {@link #FOREVER} waits without limit, anything else ends with {@code TIMEDOUT}. A remote call that timed out may still take
 * effect. An interrupted thread gets {@code INTR}, with its interrupt flag set. A negative number that is not FOREVER is
 * {@code INVAL}.
 *
 * <p><b>Errors common to all calls</b>, in the order of the checks: {@code INVAL} without a message; {@code NOTBIND} after
 * {@link #close} or when another program unbound this one, {@code DCNOTRUN} when its DC has ended under it; {@code PROCRUN},
 * {@code SHUTDOWN}, {@code BADCALL}, {@code RANGE}, {@code BADDEST}, {@code TRAPDENIED}, {@code ENDPOINT}, {@code DSTDIED} or
 * {@code SRCDIED} or {@code DEADSRCDST}, {@code NODCNODE}, {@code NOPROXY}, {@code NOTCONN}; {@code BADSRCDST} when the peer's
 * node has nothing bound for this program; {@code UNKNOWNOUTCOME} when the other node was lost and the message, or bytes of a
 * copy, may have arrived there. Outside the container also {@code CONNRESET}: the kernel is gone. {@link IpcException#endsProgram()} tells
 * those after which no call can succeed from all others. Whether a program is bound is looked at
 * first, and it stays what ended it first, as the original does: a program that was unbound hears {@code NOTBIND} also when
 * its DC has ended since.
 *
 * <p>Source: dvs-kernel reference 7.3, 7.4, 8, 9.
 */
@ProviderType
public interface Endpoint extends AutoCloseable {
    /** Do not wait. */
    long NOWAIT = 0;
    /** Wait without limit. */
    long FOREVER = -1;

    int dcid();

    /** The endpoint's number, generation included. */
    int number();

    String name();

    /** What of this program's memory copies may reach. */
    Memory memory();

    /**
     * Gives a message to a process; ends when that has taken it.
     *
     * @throws IpcException also {@code BADDEST} to itself; whatever the other node answers
     */
    void send(int destination, Message message, long timeoutMs) throws IpcException;

    /**
     * Takes the next message from {@code source}, or from anybody with {@link EndpointNumbers#ANY}: first that somebody woke it
     * up, then notifications, lowest sender first, then senders in their order.
     *
     * @param message is overwritten
     * @throws IpcException {@code WOKENUP}; {@code SRCDIED} when the one source ended
     */
    void receive(int source, Message message, long timeoutMs) throws IpcException;

    /**
     * Sends a request and waits for the answer of the same process.
     *
     * @param message the request, overwritten by the answer
     * @throws IpcException {@code DSTDIED} when the peer ended before it took the request, {@code SRCDIED} afterwards
     */
    void sendrec(int peer, Message message, long timeoutMs) throws IpcException;

    /** Takes the next request that was made with {@link #sendrec}; others stay queued. System processes only. */
    void rcvrqst(Message message, long timeoutMs) throws IpcException;

    /**
     * Answers a request. Does not wait for a process of this node.
     *
     * @throws IpcException {@code PROCSTS} if that process does not wait for this one
     */
    void reply(int destination, Message message, long timeoutMs) throws IpcException;

    /**
     * Answers a request, then takes the next one, as a server does all day: for a program outside the container that is one way
     * to the kernel and back instead of two. Nothing is taken if the answer fails.
     *
     * @param message   the answer, overwritten by the request
     * @param timeoutMs of both together
     * @throws IpcException as {@link #reply} or {@link #rcvrqst}
     */
    default void replyRcvrqst(int destination, Message message, long timeoutMs) throws IpcException {
        long begin = System.nanoTime();
        reply(destination, message, timeoutMs);
        // 1 where nothing is left: whoever has waited gets TIMEDOUT, and AGAIN only who would not.
        rcvrqst(message, timeoutMs <= NOWAIT ? timeoutMs : Math.max(1, timeoutMs - (System.nanoTime() - begin) / 1_000_000));
    }

    /** Sets the sender's bit at a system process. Several before it looks are one. Does not wait for a process of this node. */
    void notify(int destination, long timeoutMs) throws IpcException;

    /** @param value 0 to 31: a bit that reaches the receiver in {@link Message#M9_I1}; more are {@code RANGE} */
    void notifyValue(int destination, int value, long timeoutMs) throws IpcException;

    /**
     * Copies bytes between two processes; either may be {@link EndpointNumbers#SELF}. Every other party that is on this node
     * must wait in a receive meanwhile.
     *
     * @return bytes copied
     * @throws IpcException {@code RANGE} for a length, {@code FAULT} for an address outside what a party has exposed,
     *                      {@code PROCSTS}, {@code BUSY}, {@code PERM}
     */
    int vcopy(int source, long sourceAddress, int destination, long destinationAddress, int bytes) throws IpcException;

    /** @return the endpoint, when it is bound */
    int wait4bind(int endpoint, long timeoutMs) throws IpcException;

    /** Waits until an endpoint is free. */
    void wait4unbind(int endpoint, long timeoutMs) throws IpcException;

    /** Ends another process of this node, or forgets a remote one. {@code AGAIN} when it has been told but not yet ended. */
    void unbind(int endpoint, long timeoutMs) throws IpcException;

    /** @return the endpoint of a process of this node by its process id */
    int getep(int pid) throws IpcException;

    /** Unbinds this program; whoever waits for it is told. Calls that still wait end with {@code NOTBIND}. */
    @Override
    void close();
}
