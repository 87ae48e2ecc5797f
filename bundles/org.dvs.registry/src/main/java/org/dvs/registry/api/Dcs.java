package org.dvs.registry.api;

import java.time.Duration;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.DcSettings;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The DCs: their settings and their member nodes, one agreed state for all nodes. A DC runs on its members; every node of the
 * DVS knows of all. An OSGi service; thread-safe.
 *
 * <p>Changes are linearizable and kept across restarts; without a majority they are refused with {@code NOTREADY}. Each method
 * also throws {@code DVSINIT} where the DVS is not initialised, and {@code UNKNOWNOUTCOME} when the majority was lost
 * while a change was being agreed. A change is answered when this node's kernel has taken it; the other nodes' kernels take it
 * as soon as they hear of it. All methods block for {@code limit} at the most.
 *
 * <p><b>One request, many nodes.</b> A request may be sent to several nodes at once, and the first has done all there is to do.
 * So a change names the request that it comes from, and one that only finds what its own request has done before succeeds.
 *
 * <p>Source: seed 000 (DCINIT, GETDCINFO, DCEND, ADDNODE, DELNODE); dvs-kernel reference 11; R-CMD-11, R-CMD-12, R-CMD-19.
 */
@ProviderType
public interface Dcs {

    /**
     * Initialises a DC on this node: the first node makes it, others join it with the same settings. This node becomes a member.
     *
     * @param request id of the request that this comes from
     * @throws DvsException as {@link DcSettings#check}; {@code RSCBUSY} if it runs on this node, runs with other settings (naming
     *                      what differs), has all the nodes it may have, or if another DC has the name
     */
    void init(DcSettings settings, String request, Duration limit) throws DvsException, InterruptedException;

    /** Ends a DC on all nodes. {@code BADDCID}, {@code DCNOTRUN} */
    void end(int dcid, String request, Duration limit) throws DvsException, InterruptedException;

    /**
     * Makes a node a member.
     *
     * @throws DvsException {@code BADDCID}, {@code DCNOTRUN}, {@code BADNODEID} if it is out of range, {@code NODEFREE} if the
     *                      DVS is not initialised there, {@code DCNODE} if it is a member, {@code RSCBUSY} if the DC has all
     *                      its nodes
     */
    void addNode(int dcid, int nodeId, String request, Duration limit) throws DvsException, InterruptedException;

    /**
     * Takes a member away: the DC ends there, and its endpoints are unbound on the others.
     *
     * @throws DvsException {@code BADDCID}, {@code DCNOTRUN}, {@code BADNODEID} if it is out of range or the last member,
     *                      {@code NODEFREE} if the DVS is not initialised there, {@code NODCNODE} if it is not a member
     */
    void deleteNode(int dcid, int nodeId, String request, Duration limit) throws DvsException, InterruptedException;

    /**
     * What is agreed about one DC; without a majority what this node last knew.
     *
     * @return empty if no DC has this id
     * @throws DvsException {@code BADDCID} if the id is out of range; {@code NOTREADY} as {@link Dvs#info}
     */
    Optional<AgreedDc> dc(int dcid, Duration limit) throws DvsException, InterruptedException;

    /** All DCs, and how old that is. @throws DvsException {@code NOTREADY} as {@link Dvs#info} */
    AgreedDcs all(Duration limit) throws DvsException, InterruptedException;
}
