package org.dvs.kernel.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The kernel's side of a proxy pair: commands out by {@link #get2rmt} or {@link #poll}, commands in by {@link #put2lcl}.
 * Thread-safe; each direction is meant for one thread.
 *
 * <p>Source: dvs-kernel reference 12.2 and 12.3. Other than there, nothing is refused silently: what put2lcl cannot carry out it
 * answers with the error, so that no caller on another node waits in vain.
 */
@ProviderType
public interface ProxyPair {
    int id();

    String name();

    /**
     * Waits for the next command.
     *
     * @throws IpcException {@code TIMEDOUT} when nothing came, also with 0; {@code NOTCONN} when the sender is not connected;
     *                      {@code NOPROXY} when the pair was unbound; {@code INTR}
     */
    void get2rmt(Command into, long timeoutMs) throws IpcException;

    /**
     * Takes the next command if there is one. Those of one DC come in their order; DCs that have some take turns.
     *
     * @return false if there is none, or if the sender is not connected
     */
    boolean poll(Command into);

    /**
     * Takes the next commands that there are of one DC, which costs less than one after another. One with a payload is the last;
     * its bytes stay as they are until the next time. Fewer than asked for need not be all that there are.
     *
     * @param into filled from 0 on, 1 or more
     * @return how many; 0 if there is none, or if the sender is not connected
     */
    int poll(Command[] into);

    /**
     * The time for the commands that are taken and put from now on, so that a proxy looks at the clock once for many of them.
     * Before the first such call, and after one with 0, the kernel asks its clock for each.
     *
     * @param ms since the epoch, of this node's clock
     */
    void time(long ms);

    /**
     * @param work called by any thread when a command comes while there was none; must neither block nor throw; null for nobody
     */
    void onWork(Runnable work);

    /**
     * Carries out a command from another node. Handlers of this node's programs may run on the calling thread.
     *
     * @param command the kernel's until this returns, with its payload; it is left as it is
     * @return 0 or more, or the EDVS number that the origin is told as well
     */
    int put2lcl(Command command);

    /**
     * As {@link #put2lcl(Command)} of each of several, which costs less than one after another. Each is carried out for itself:
     * one that is refused does not hold up those behind it.
     *
     * @param command the first one, and then each of the others
     * @param more    those behind it, and who hears what came of each
     */
    void put2lcl(Command command, Arrivals more);

    /** Tells the origin of a command that it is not carried out, as its data came damaged; an answer's waiting call ends so. */
    void refuse(Command command, int rcode);

    void connectSender();

    void connectReceiver();

    /** Whoever waits for something of this pair's nodes gets {@code NOTCONN}; {@code UNKNOWNOUTCOME} if its message was taken. */
    void disconnectSender();

    /** As {@link #disconnectSender}. */
    void disconnectReceiver();

    /**
     * Whether the other node asks for more than it takes: 65,536 answers waited, and what came after them was dropped. Then its
     * connection is to end, so that whoever waits there is told; true until the sender is connected again. Cheap; a receiver proxy
     * looks after each frame.
     */
    default boolean isOverrun() {
        return false;
    }

    /**
     * The proxies go for a while. Nobody is told unless nobody takes over in time ({@link Kernel#proxyPair}): then both
     * directions are disconnected.
     *
     * @param keepMs how long the pair stays as it is
     */
    void leave(long keepMs);

    /** Frees the pair; its nodes end as with a lost node. */
    void unbind();
}
