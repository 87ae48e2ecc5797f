package org.dvs.helper.api;

import org.dvs.api.DvsException;

/** What DCs that have ended left on this machine, and who takes it away a moment later. Thread-safe. */
@FunctionalInterface
public interface DcLeftovers {
    /**
     * To be called before something is made for a DC: what another one with its id has left is gone afterwards, so that nothing
     * that is made from now on is taken for that one's. Without a majority it does nothing, as nobody can tell then.
     *
     * @throws DvsException {@code AGAIN} if that could not be done in time; what the helper refused
     */
    void clear(int dcid) throws DvsException, InterruptedException;
}
