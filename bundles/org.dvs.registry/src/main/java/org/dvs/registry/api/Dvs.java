package org.dvs.registry.api;

import java.time.Duration;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.DvsParameters;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The DVS: parameters that all nodes agree on, and the nodes on which it is initialised. An OSGi service; thread-safe.
 *
 * <p>Changes are linearizable and kept across restarts; without a majority they are refused with {@code NOTREADY}. All
 * methods block for {@code limit} at the most.
 * <p>Source: seed 000 (DVSINIT, DVSINFO, DVSEND); dvs-kernel reference 11; R-CMD-10, R-CMD-19.
 */
@ProviderType
public interface Dvs {

    /**
     * Initialises the DVS on this node.
     *
     * @return this node's id
     * @throws DvsException {@code DVSBUSY} if it is initialised here; {@code BADVALUE} naming what differs if other nodes are
     *                      initialised with other parameters; {@code BADNODEID} if this node's id is not below nrNodes;
     *                      as {@link DvsParameters#check}; {@code NOTREADY}, {@code UNKNOWNOUTCOME}, {@code CONFLICT} after
     *                      many tries
     */
    int init(DvsParameters parameters, Duration limit) throws DvsException, InterruptedException;

    /**
     * What is agreed; without a majority what this node last knew. A node that has just started waits until it knows.
     *
     * @throws DvsException {@code DVSINIT} if it is not initialised on this node; {@code NOTREADY} if this node has not been
     *                      able to learn what is agreed since it started
     */
    DvsInfo info(Duration limit) throws DvsException, InterruptedException;

    /**
     * Ends the DVS on this node; with the last node its parameters go too.
     *
     * @throws DvsException {@code DVSINIT} if it is not initialised on this node; {@code NOTREADY}, {@code UNKNOWNOUTCOME}
     */
    void end(Duration limit) throws DvsException, InterruptedException;
}
