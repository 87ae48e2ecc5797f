package org.dvs.kernel.internal.ipc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.kernel.api.Privileges;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.kernel.api.ProxyInfo;
import org.dvs.kernel.api.ProxyPair;
import org.dvs.kernel.api.WaitingProgram;

/**
 * The kernel: its tables, and the way from a DC's number to its {@link Container}. Changes of the tables are made one at a time;
 * the order of locks is kernel, DC, pair.
 *
 * <p>Source: dvs-kernel reference 11.
 */
public class KernelCore implements Kernel {
    private final ReentrantLock lock = new ReentrantLock();
    private final LongSupplier clock;
    private final Deadlines deadlines;
    private final int pid;
    private final Binder binder;
    private final Administration processes = new Administration(this::container);
    private volatile NodeSite site;

    /**
     * @param clock    milliseconds since the epoch
     * @param handlers runs what handlers have to do when their caller cannot be kept with it
     * @param pid      of this process
     */
    public KernelCore(LongSupplier clock, Deadlines deadlines, Executor handlers, int pid) {
        this.clock = clock;
        this.deadlines = deadlines;
        this.binder = new Binder(this::container, handlers, pid);
        this.pid = pid;
    }

    private static IpcException refusal(ErrorCode code, String detail) {
        return new IpcException(code, detail);
    }

    static void require(int result, String detail) throws IpcException {
        if (result < 0) {
            throw IpcException.of(result, detail);
        }
    }

    private NodeSite site() throws IpcException {
        NodeSite now = site;
        if (now == null) {
            throw refusal(ErrorCode.DVSINIT, "no DVS on this node");
        }
        return now;
    }

    // ---- the DVS

    @Override
    public int dvsInit(int nodeId, String nodeName, DvsParameters parameters) throws DvsException {
        Given.required(parameters, "DVS parameters").check();
        DvsParameters.checkName(nodeName);
        lock.lock();
        try {
            if (site != null) {
                throw refusal(ErrorCode.DVSBUSY, "DVS " + site.dvs().name() + " as node " + site.localNode());
            }
            if (nodeId < 0 || nodeId >= parameters.nrNodes()) {
                throw refusal(ErrorCode.BADNODEID, "node " + nodeId + ", where nr_nodes allows 0.." + (parameters.nrNodes() - 1));
            }
            site = new NodeSite(nodeId, nodeName, parameters, clock, deadlines);
            return nodeId;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void dvsEnd() throws DvsException {
        lock.lock();
        try {
            NodeSite ending = site();
            for (Container dc : ending.dcs()) {
                end(ending, dc);
            }
            for (PairState pair : ending.pairs()) {
                ending.pairing.free(pair);
            }
            site = null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public DvsParameters dvs() throws DvsException {
        return site().dvs();
    }

    @Override
    public int localNode() throws DvsException {
        return site().localNode();
    }

    // ---- DCs

    /** @throws IpcException {@code BADDCID}, {@code DCNOTRUN} */
    public Container container(int dcid) throws IpcException {
        NodeSite now = site();
        if (!now.isDc(dcid)) {
            throw refusal(ErrorCode.BADDCID, "dc" + dcid + ", where nr_dcs allows 0.." + (now.dvs().nrDcs() - 1));
        }
        Container dc = now.dc(dcid);
        if (dc == null) {
            throw refusal(ErrorCode.DCNOTRUN, "dc" + dcid + " on node " + now.localNode());
        }
        return dc;
    }

    /** Does something with a DC under its lock, and has a negative result thrown. */
    private void in(int dcid, String detail, ToIntFunction<Container> action) throws IpcException {
        Container dc = container(dcid);
        dc.enter();
        try {
            require(dc.running() ? action.applyAsInt(dc) : ErrorCode.DCNOTRUN.rcode(), detail);
        } finally {
            dc.leave();
        }
    }

    @Override
    public void dcInit(DcSettings settings) throws DvsException {
        Given.required(settings, "DC settings");
        lock.lock();
        try {
            NodeSite now = site();
            settings.check(now.dvs());
            for (Container running : now.dcs()) {
                if (running.settings.dcid() == settings.dcid() || running.settings.name().equals(settings.name())) {
                    throw refusal(ErrorCode.RSCBUSY, "dc" + running.settings.dcid() + " (" + running.settings.name()
                            + ") is running");
                }
            }
            now.dc(settings.dcid(), new Container(settings, now));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void dcEnd(int dcid) throws DvsException {
        lock.lock();
        try {
            end(site(), container(dcid));
        } finally {
            lock.unlock();
        }
    }

    private static void end(NodeSite site, Container dc) {
        site.dc(dc.settings.dcid(), null);
        dc.enter();
        try {
            dc.stop();
            for (Proc proc : dc.all()) {
                if (proc.host != null) {
                    proc.host.terminate();
                }
                dc.exits.gone(proc);
            }
        } finally {
            dc.leave();
        }
    }

    @Override
    public DcInfo dc(int dcid) throws DvsException {
        return info(container(dcid));
    }

    private DcInfo info(Container dc) {
        dc.enter();
        try {
            return new DcInfo(dc.settings, dc.running(), dc.nodes(), pid, dc.bound());
        } finally {
            dc.leave();
        }
    }

    @Override
    public List<DcInfo> dcs() throws DvsException {
        return site().dcs().stream().map(this::info).toList();
    }

    @Override
    public void addNode(int dcid, int nodeId) throws DvsException {
        lock.lock();
        try {
            NodeSite now = site();
            in(dcid, "node " + nodeId + " into dc" + dcid, dc -> now.membership.add(dc, nodeId));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void delNode(int dcid, int nodeId) throws DvsException {
        lock.lock();
        try {
            NodeSite now = site();
            in(dcid, "node " + nodeId + " out of dc" + dcid, dc -> now.membership.delete(dc, nodeId));
        } finally {
            lock.unlock();
        }
    }

    // ---- nodes and proxies

    @Override
    public void nodeUp(String name, int nodeId, int proxyId) throws DvsException {
        DvsParameters.checkName(name);
        lock.lock();
        try {
            site().membership.up(name, nodeId, proxyId);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void nodeDown(int nodeId) throws DvsException {
        lock.lock();
        try {
            site().membership.down(nodeId);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public NodeInfo node(int nodeId) throws DvsException {
        NodeSite now = site();
        int id = nodeId == EndpointNumbers.LOCALNODE ? now.localNode() : nodeId;
        if (!now.isNode(id)) {
            throw refusal(ErrorCode.BADNODEID, "node " + nodeId + ", where nr_nodes allows 0.." + (now.dvs().nrNodes() - 1));
        }
        NodeState state = now.node(id);
        return state == null ? new NodeInfo(id, "", 0, EndpointNumbers.LOCALNODE, now.dcsOf(id), 0, 0, 0, 0)
                : state.info(now.dcsOf(id));
    }

    @Override
    public List<NodeInfo> nodes() throws DvsException {
        NodeSite now = site();
        return now.nodes().stream().map(state -> state.info(now.dcsOf(state.id))).toList();
    }

    @Override
    public ProxyPair proxiesBind(String name, int proxyId, int maxBytes, int maxBatch) throws DvsException {
        DvsParameters.checkName(name);
        lock.lock();
        try {
            return new PairHandle(this, site().pairing.bind(name, proxyId, maxBytes, maxBatch));
        } finally {
            lock.unlock();
        }
    }

    void proxiesUnbind(PairState pair) {
        lock.lock();
        try {
            NodeSite now = site;
            if (now != null) {
                now.pairing.unbind(pair);
            }
        } finally {
            lock.unlock();
        }
    }

    /** One direction of a pair, perhaps the first of two. */
    void connected(PairState pair) {
        NodeSite now = site;
        if (now != null) {
            now.pairing.connected(pair);
        }
    }

    void disconnected(PairState pair) {
        NodeSite now = site;
        if (now != null) {
            now.pairing.disconnected(pair);
        }
    }

    /** Milliseconds since the epoch. */
    long now() {
        return clock.getAsLong();
    }

    /**
     * A command came by a pair that is connected.
     *
     * @param offered whether one from a source that is not bound here so is left alone
     */
    int put2lcl(Command command, PairState pair, boolean offered, long nowMs) {
        NodeSite now = site;
        return now == null ? ErrorCode.DVSINIT.rcode() : now.pairing.put2lcl(command, pair, offered, nowMs);
    }

    /** A command that came damaged is not carried out. */
    void refuse(Command command, int result, PairState pair) {
        NodeSite now = site;
        if (now != null) {
            now.pairing.refuse(command, result, pair);
        }
    }

    /** The proxies of a pair go, and others may take it over. */
    void left(PairState pair, long keepMs) {
        NodeSite now = site;
        if (now != null) {
            now.pairing.left(pair, keepMs);
        }
    }

    @Override
    public ProxyPair proxyPair(int proxyId) throws DvsException {
        PairState pair = pair(site(), proxyId);
        pair.nextTenure();
        return new PairHandle(this, pair);
    }

    private static PairState pair(NodeSite now, int proxyId) throws DvsException {
        if (!now.isPair(proxyId)) {
            throw refusal(ErrorCode.PROXYID, "proxy pair " + proxyId + ", where nr_nodes allows 0.." + (now.dvs().nrNodes() - 1));
        }
        PairState pair = now.pair(proxyId);
        if (pair == null) {
            throw refusal(ErrorCode.PROXYFREE, "proxy pair " + proxyId);
        }
        return pair;
    }

    @Override
    public ProxyInfo proxy(int proxyId) throws DvsException {
        return pair(site(), proxyId).info();
    }

    @Override
    public List<ProxyInfo> proxies() throws DvsException {
        return site().pairs().stream().map(PairState::info).toList();
    }

    // ---- binding

    /** Binds a program that is its own host. */
    public <P extends LoopEndpoint & Host> void bindProgram(int dcid, int endpoint, String name, BindKind kind, int node,
            P program) throws DvsException {
        binder.program(dcid, endpoint, name, kind, node, program);
    }

    @Override
    public Endpoint bind(int dcid, int endpoint, String name, BindKind kind, int node) throws DvsException {
        return binder.thread(dcid, endpoint, name, kind, node);
    }

    @Override
    public AsyncEndpoint bindHandler(int dcid, int endpoint, String name, DvsHandler handler) throws DvsException {
        return binder.handler(dcid, endpoint, name, handler);
    }

    @Override
    public AsyncEndpoint bindAsync(int dcid, int endpoint, String name, BindKind kind, int node) throws DvsException {
        return binder.async(dcid, endpoint, name, kind, node);
    }

    /** A program outside wants to be bound by another one. */
    public void attach(OutsideProgram program) {
        binder.attach(program);
    }

    /** It does not wait any more. */
    public void detach(OutsideProgram program) {
        binder.detach(program);
    }

    @Override
    public int lclbind(int dcid, int ofPid, int endpoint, BindKind kind, int node) throws DvsException {
        return binder.local(dcid, ofPid, endpoint, kind, node);
    }

    @Override
    public List<WaitingProgram> waiting() {
        return binder.waiting();
    }

    @Override
    public int rmtbind(int dcid, int endpoint, String name, int node) throws DvsException {
        return binder.remote(dcid, endpoint, name, node, false);
    }

    @Override
    public int autobind(int dcid, int endpoint, String name, int node) throws DvsException {
        return binder.remote(dcid, endpoint, name, node, true);
    }

    @Override
    public void unbind(int dcid, int endpoint) throws DvsException {
        processes.unbind(dcid, endpoint);
    }

    @Override
    public void wakeup(int dcid, int endpoint) throws DvsException {
        processes.wakeup(dcid, endpoint);
    }

    @Override
    public void hdwNotify(int dcid, int endpoint) throws DvsException {
        processes.hdwNotify(dcid, endpoint);
    }

    // ---- processes

    @Override
    public ProcessInfo process(int dcid, int processNumber) throws DvsException {
        return processes.process(dcid, processNumber);
    }

    /** Of each DC that runs, by id. {@code DVSINIT} */
    public List<IpcCounts> counts() throws DvsException {
        List<IpcCounts> counts = new ArrayList<>();
        for (Container dc : site().dcs()) {
            dc.enter();
            try {
                counts.add(dc.counts());
            } finally {
                dc.leave();
            }
        }
        return counts;
    }

    @Override
    public List<ProcessInfo> processes(int dcid) throws DvsException {
        return processes.processes(dcid);
    }

    @Override
    public Privileges privileges(int dcid, int endpoint) throws DvsException {
        return processes.privileges(dcid, endpoint);
    }

    @Override
    public void privileges(int dcid, int endpoint, Privileges privileges) throws DvsException {
        processes.privileges(dcid, endpoint, privileges);
    }

    // ---- migration

    @Override
    public void migrateStart(int dcid, int endpoint) throws DvsException {
        processes.migrateStart(dcid, endpoint);
    }

    @Override
    public void migrateCommit(int ofPid, int dcid, int endpoint, int newNode) throws DvsException {
        processes.migrateCommit(ofPid, dcid, endpoint, newNode);
    }

    @Override
    public void migrateRollback(int dcid, int endpoint) throws DvsException {
        processes.migrateRollback(dcid, endpoint);
    }
}
