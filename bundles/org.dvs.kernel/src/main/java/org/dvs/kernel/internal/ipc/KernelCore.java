package org.dvs.kernel.internal.ipc;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.kernel.api.Privileges;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.kernel.api.ProxyInfo;
import org.dvs.kernel.api.ProxyPair;
import org.dvs.kernel.api.WaitingProgram;

/** The kernel: each of its calls leads to where the thing it is about is kept. */
public class KernelCore implements Kernel {
    private final Tables tables;
    private final Dcs dcs;
    private final Neighbours neighbours;
    private final Binder binder;
    private final Administration processes;

    /**
     * @param clock    milliseconds since the epoch
     * @param handlers runs what handlers have to do when their caller cannot be kept with it
     * @param pid      of this process
     */
    public KernelCore(LongSupplier clock, Deadlines deadlines, Executor handlers, int pid) {
        tables = new Tables(clock, deadlines, handlers);
        dcs = new Dcs(tables, pid);
        neighbours = new Neighbours(tables);
        binder = new Binder(tables::container, handlers, pid);
        processes = new Administration(tables::container);
    }

    // ---- the DVS

    @Override
    public int dvsInit(int nodeId, String nodeName, DvsParameters parameters) throws DvsException {
        return tables.init(nodeId, nodeName, parameters);
    }

    @Override
    public void dvsEnd() throws DvsException {
        tables.end();
    }

    @Override
    public DvsParameters dvs() throws DvsException {
        return tables.site().dvs();
    }

    @Override
    public int localNode() throws DvsException {
        return tables.site().localNode();
    }

    // ---- DCs

    /** @throws IpcException {@code BADDCID}, {@code DCNOTRUN} */
    Container container(int dcid) throws IpcException {
        return tables.container(dcid);
    }

    /**
     * What stands for a DC as long as it runs: another object than for the next one of its number.
     *
     * @throws IpcException {@code DVSINIT}, {@code BADDCID}, {@code DCNOTRUN}
     */
    public Object runOf(int dcid) throws IpcException {
        return tables.container(dcid);
    }

    @Override
    public void dcInit(DcSettings settings) throws DvsException {
        dcs.init(Given.required(settings, "DC settings"));
    }

    @Override
    public void dcEnd(int dcid) throws DvsException {
        dcs.end(dcid);
    }

    @Override
    public DcInfo dc(int dcid) throws DvsException {
        return dcs.info(container(dcid));
    }

    @Override
    public List<DcInfo> dcs() throws DvsException {
        return dcs.all();
    }

    /** Of each DC that runs, by id. {@code DVSINIT} */
    public List<IpcCounts> counts() throws DvsException {
        return dcs.counts();
    }

    @Override
    public void addNode(int dcid, int nodeId) throws DvsException {
        dcs.addNode(dcid, nodeId);
    }

    @Override
    public void delNode(int dcid, int nodeId) throws DvsException {
        dcs.delNode(dcid, nodeId);
    }

    // ---- nodes and proxies

    @Override
    public void nodeUp(String name, int nodeId, int proxyId) throws DvsException {
        neighbours.up(name, nodeId, proxyId);
    }

    @Override
    public void nodeDown(int nodeId) throws DvsException {
        neighbours.down(nodeId);
    }

    @Override
    public NodeInfo node(int nodeId) throws DvsException {
        return neighbours.node(nodeId);
    }

    @Override
    public List<NodeInfo> nodes() throws DvsException {
        return neighbours.nodes();
    }

    @Override
    public ProxyPair proxiesBind(String name, int proxyId, int maxBytes, int maxBatch) throws DvsException {
        return neighbours.bind(name, proxyId, maxBytes, maxBatch);
    }

    @Override
    public ProxyPair proxyPair(int proxyId) throws DvsException {
        return neighbours.takenOver(proxyId);
    }

    @Override
    public ProxyInfo proxy(int proxyId) throws DvsException {
        return neighbours.pair(proxyId);
    }

    @Override
    public List<ProxyInfo> proxies() throws DvsException {
        return neighbours.pairs();
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
    public void migrateSoon(int dcid, int endpoint) throws DvsException {
        processes.migrateSoon(dcid, endpoint);
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
