package org.dvs.kernel.api;

import java.util.List;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * This node's kernel: its table of DCs, nodes and proxy pairs, and the binding of programs. An OSGi service; thread-safe; no
 * method but those that say so waits.
 *
 * <p>Tables hold what this node was told. That all nodes are told the same is the registry's work; programs use the registry or
 * the requests for that, and this service for binding. A null where something is needed is {@code INVAL}, of a kind of bind
 * {@code BINDTYPE}.
 * <p>Source: dvs-kernel reference 9, 10, 11.
 */
@ProviderType
public interface Kernel {

    // ---- the DVS on this node

    /**
     * @return nodeId
     * @throws DvsException {@code DVSBUSY}; {@code BADNODEID}; as {@link DvsParameters#check}
     */
    int dvsInit(int nodeId, String nodeName, DvsParameters parameters) throws DvsException;

    /** Ends every DC, node and pair. {@code DVSINIT} */
    void dvsEnd() throws DvsException;

    /** @throws DvsException {@code DVSINIT} */
    DvsParameters dvs() throws DvsException;

    /** This node's id; {@code DVSINIT} */
    int localNode() throws DvsException;

    // ---- DCs

    /**
     * @throws DvsException {@code BADRANGE}, {@code NAMESIZE}, {@code BADVALUE}; {@code RSCBUSY} if the id or the name is in use
     */
    void dcInit(DcSettings settings) throws DvsException;

    /** Ends all its processes; whoever waits is told. {@code BADDCID}, {@code DCNOTRUN} */
    void dcEnd(int dcid) throws DvsException;

    /** @throws DvsException {@code BADDCID}; {@code DCNOTRUN} */
    DcInfo dc(int dcid) throws DvsException;

    /** Running DCs, by id. */
    List<DcInfo> dcs() throws DvsException;

    /**
     * @throws DvsException {@code BADDCID}, {@code DCNOTRUN}, {@code BADNODEID} for the local node or out of range,
     *                      {@code NODEFREE} before {@link #nodeUp}, {@code DCNODE} if it is a member,
     *                      {@code RSCBUSY} if the DC has its nodes
     */
    void addNode(int dcid, int nodeId) throws DvsException;

    /** Its stubs are unbound. {@code BADDCID}, {@code DCNOTRUN}, {@code BADNODEID}, {@code NODEFREE}, {@code NODCNODE} */
    void delNode(int dcid, int nodeId) throws DvsException;

    // ---- nodes and proxies

    /** @throws DvsException {@code BADNODEID}; {@code PROXYID}; {@code NOPROXY} if the pair is free; {@code NAMESIZE} */
    void nodeUp(String name, int nodeId, int proxyId) throws DvsException;

    /** Its stubs are unbound in all DCs, its memberships and its entry end. {@code BADNODEID}, {@code NODEFREE} */
    void nodeDown(int nodeId) throws DvsException;

    NodeInfo node(int nodeId) throws DvsException;

    /** Entries in use, by id. */
    List<NodeInfo> nodes() throws DvsException;

    /**
     * @param maxBytes of payload in one command, at most the DVS's max_copybuf
     * @throws DvsException {@code PROXYID}, {@code RSCBUSY}, {@code TOOBIG}, {@code NAMESIZE}
     */
    ProxyPair proxiesBind(String name, int proxyId, int maxBytes, int maxBatch) throws DvsException;

    /**
     * A pair that is bound, for proxies that take it over from those before; it is as they left it. What those say of it from now
     * on, as their loop was busy, counts no more: neither that they leave, nor of the connection, nor who listens.
     *
     * @throws DvsException {@code PROXYID}, {@code PROXYFREE}
     */
    ProxyPair proxyPair(int proxyId) throws DvsException;

    /** @throws DvsException {@code PROXYID}, {@code PROXYFREE} */
    ProxyInfo proxy(int proxyId) throws DvsException;

    List<ProxyInfo> proxies() throws DvsException;

    // ---- binding

    /**
     * Binds a program of the container that waits in its calls.
     *
     * @param kind SELF, REPLICA, or BACKUP with the primary's node
     * @param node of the primary of a backup, else {@link EndpointNumbers#LOCALNODE}
     * @throws DvsException {@code BADNODEID}, {@code BINDTYPE}, {@code BADDCID}, {@code BADPROC} for an endpoint
     *                      out of the DC's range, {@code DCNOTRUN}, {@code NODCNODE}, {@code SLOTUSED}, {@code ENDPOINT} for a
     *                      stale generation, {@code NAMESIZE}
     */
    Endpoint bind(int dcid, int endpoint, String name, BindKind kind, int node) throws DvsException;

    /** Binds a program that is called with each message. Errors as {@link #bind}. */
    AsyncEndpoint bindHandler(int dcid, int endpoint, String name, DvsHandler handler) throws DvsException;

    /** Binds a program that begins its calls and does not wait; it receives for itself. Errors as {@link #bind}. */
    AsyncEndpoint bindAsync(int dcid, int endpoint, String name, BindKind kind, int node) throws DvsException;

    /**
     * Binds a process outside the container that waits for it.
     *
     * @param kind LOCAL, REPLICA, or BACKUP with the primary's node
     * @return the endpoint
     * @throws DvsException {@code BADPID} if no program of that process waits; else as {@link #bind}
     */
    int lclbind(int dcid, int pid, int endpoint, BindKind kind, int node) throws DvsException;

    /** Programs that wait for {@link #lclbind}, by process id; of one process the first is bound first. */
    List<WaitingProgram> waiting();

    /**
     * Binds an endpoint that lives on another node, until it is unbound here.
     *
     * @return the endpoint
     * @throws DvsException as {@link #bind}; {@code NOPROXY}
     */
    int rmtbind(int dcid, int endpoint, String name, int node) throws DvsException;

    /**
     * As {@link #rmtbind}, for a process that nobody announced: it is unbound here when it ends there, or when its node has not
     * been reached for half a minute. What stands here for that process on another node, for one that had its slot there, or for
     * an earlier one, is unbound first, all in one step; who has a program on this node stays ({@code SLOTUSED}). So does who is
     * alive on another one: that is asked first, if it is connected.
     *
     * @throws DvsException as {@link #rmtbind}; {@code AGAIN} while the other node is asked
     */
    int autobind(int dcid, int endpoint, String name, int node) throws DvsException;

    /**
     * Ends a process or forgets a stub; does not wait. {@code NOTBIND}, {@code ENDPOINT}, {@code ONCOPY}, {@code MIGRATE};
     * {@code AGAIN} when a process of this node has been told and has not ended yet
     */
    void unbind(int dcid, int endpoint) throws DvsException;

    /**
     * Ends the wait in {@code receive(ANY)} of a process here with {@code WOKENUP}; else it is remembered. {@code PROCRUN},
     * {@code PROCSTS}
     */
    void wakeup(int dcid, int endpoint) throws DvsException;

    /** A notification that comes from no process. {@code RMTPROC}, {@code MIGRATE}, {@code OVERRUN} */
    void hdwNotify(int dcid, int endpoint) throws DvsException;

    // ---- processes

    /** Also for free slots. {@code BADDCID}, {@code DCNOTRUN}, {@code BADPROC} */
    ProcessInfo process(int dcid, int processNumber) throws DvsException;

    /** Slots in use, by process number. */
    List<ProcessInfo> processes(int dcid) throws DvsException;

    /** {@code ENDPOINT}, {@code RANGE} */
    Privileges privileges(int dcid, int endpoint) throws DvsException;

    /** {@code BADPROC} for warn, {@code BADVALUE} for level, {@code DSTDIED} for a free slot */
    void privileges(int dcid, int endpoint, Privileges privileges) throws DvsException;

    // ---- migration, on every node of the DC

    /**
     * {@code PROCSTS} for a process that owes answers, {@code BUSY} while a command of it waits at a proxy, {@code ONCOPY}; one
     * that runs moves at its next call, and has {@link ProcessFlags#NEEDMIG} until then.
     */
    void migrateStart(int dcid, int endpoint) throws DvsException;

    /**
     * As {@link #migrateStart}, for whoever wants it to move however busy it is: a process of this node that owes answers, has a
     * command at a proxy or is in a copy has {@link ProcessFlags#NEEDMIG} until that is over. Meanwhile requests wait where it
     * receives from anybody. {@code ONCOPY} for one of another node.
     */
    void migrateSoon(int dcid, int endpoint) throws DvsException;

    /** @param pid of the process on the new node that takes over; {@link EndpointNumbers#NO_PID} elsewhere and for a backup */
    void migrateCommit(int pid, int dcid, int endpoint, int newNode) throws DvsException;

    void migrateRollback(int dcid, int endpoint) throws DvsException;
}
