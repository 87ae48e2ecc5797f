package org.dvs.kernel.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Commands that came together, as a receiver proxy hands them to {@link ProxyPair#put2lcl(Command, Arrivals)}, one by one. */
@ConsumerType
public interface Arrivals {
    /**
     * Gives the next command. The kernel may be locked meanwhile: nothing of it is to be called.
     *
     * @param into has the one before, unchanged
     * @return false if there is none
     */
    boolean next(Command into);

    /** The newest command was not carried out, and its origin was told. As {@link #next}. */
    void refused(int rcode);

    /**
     * The source of the newest command is not bound here as living where it comes from: nothing was done, nobody was told. The
     * kernel is not locked.
     *
     * @param rcode {@code NOTBIND}, {@code ENDPOINT} or {@code NONODE}
     * @return what came of it: the result of {@link ProxyPair#put2lcl(Command)}, which tells the origin
     */
    int unbound(Command command, int rcode);
}
