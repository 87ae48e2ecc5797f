package org.dvs.testkit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Call;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.NodeFlags;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.kernel.api.Privileges;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.kernel.api.ProxyInfo;
import org.dvs.kernel.api.ProxyPair;
import org.dvs.kernel.api.WaitingProgram;

/**
 * A kernel of tables alone: it keeps DVS, DCs, nodes, pairs and processes with the errors of the contract, records each call
 * that changed something, and carries no message. Processes are put in by {@link #put}; a call can be made to fail. Thread-safe.
 */
public final class RecordingKernel implements Kernel {
    private final List<String> calls = new ArrayList<>();
    private final Map<String, ErrorCode> failing = new HashMap<>();
    private final Set<String> busy = new HashSet<>();
    private final List<WaitingProgram> waiting = new ArrayList<>();
    private final SortedMap<Integer, Dc> dcs = new TreeMap<>();
    private final SortedMap<Integer, NodeInfo> nodes = new TreeMap<>();
    private final SortedMap<Integer, ProxyInfo> pairs = new TreeMap<>();
    private DvsParameters parameters;
    private int local = -1;

    private static final class Dc {
        private final DcSettings settings;
        private final BitSet nodes = new BitSet();
        private final SortedMap<Integer, ProcessInfo> processes = new TreeMap<>();
        private final Map<Integer, Privileges> privileges = new HashMap<>();

        Dc(DcSettings settings) {
            this.settings = settings;
        }
    }

    /** What was changed since the last time this was asked, e.g. {@code addNode 0 2}. */
    public synchronized List<String> calls() {
        List<String> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }

    /** From now on a call whose record begins so is refused. */
    public synchronized void fail(String begin, ErrorCode code) {
        failing.put(begin, code);
    }

    public synchronized void work() {
        failing.clear();
    }

    /** A pair is bound, as a proxy bundle does. */
    public synchronized void pair(int id) {
        pairs.put(id, new ProxyInfo(id, "pair" + id, ProxyFlags.IN_USE, 65_536, 1, new BitSet(), 0));
    }

    /** A program waits to be bound. */
    public synchronized void waits(int pid, String name) {
        waiting.add(new WaitingProgram(pid, name));
    }

    /** Puts a process into its slot. */
    public synchronized void put(ProcessInfo process) {
        dcs.get(process.dcid()).processes.put(process.number(), process);
    }

    /** A process is busy: its migration begins when it {@link #rests}. */
    public synchronized void runs(int dcid, int number) {
        busy.add(dcid + "/" + number);
    }

    public synchronized void rests(int dcid, int number) {
        busy.remove(dcid + "/" + number);
        ProcessInfo of = dcs.get(dcid).processes.get(number);
        if ((of.misc() & ProcessFlags.NEEDMIG) != 0) {
            put(with(of, of.flags() | ProcessFlags.MIGRATING, of.misc() & ~ProcessFlags.NEEDMIG, of.lpid(), of.node()));
        }
    }

    /** A process with nothing but its place, on the node given; a stub if that is not this node. */
    public synchronized void put(int dcid, int number, int node) {
        boolean here = node == local;
        put(process(dcid, number, "p" + number, here ? 0 : ProcessFlags.REMOTE, here ? ProcessFlags.GRPLEADER : 0,
                here ? 4_711 : EndpointNumbers.NO_PID, node));
    }

    /** A backup of a process that lives on another node. */
    public synchronized void backup(int dcid, int number, int pid, int node) {
        put(process(dcid, number, "p" + number, ProcessFlags.REMOTE, ProcessFlags.RMTBACKUP, pid, node));
    }

    private static ProcessInfo process(int dcid, int number, String name, int flags, int misc, int pid, int node) {
        return new ProcessInfo(dcid, number, number, name, flags, misc, pid, -1, node, EndpointNumbers.NONE, EndpointNumbers.NONE,
                EndpointNumbers.NONE, EndpointNumbers.NONE, EndpointNumbers.NONE, 0, 0, 0, 0);
    }

    private void changed(String call) throws DvsException {
        Optional<ErrorCode> refused = failing.entrySet().stream().filter(each -> call.startsWith(each.getKey()))
                .map(Map.Entry::getValue).findFirst();
        if (refused.isPresent()) {
            throw new DvsException(refused.get(), "told to refuse " + call);
        }
        calls.add(call);
    }

    private static DvsException refused(ErrorCode code, Object what) {
        return new DvsException(code, String.valueOf(what));
    }

    private static void require(boolean holds, ErrorCode code, Object what) throws DvsException {
        if (!holds) {
            throw refused(code, what);
        }
    }

    @Override
    public synchronized int dvsInit(int nodeId, String nodeName, DvsParameters given) throws DvsException {
        require(parameters == null, ErrorCode.DVSBUSY, nodeName);
        given.check();
        require(nodeId >= 0 && nodeId < given.nrNodes(), ErrorCode.BADNODEID, nodeId);
        DvsParameters.checkName(nodeName);
        changed("dvsInit " + nodeId + " " + nodeName);
        parameters = given;
        local = nodeId;
        nodes.put(nodeId, new NodeInfo(nodeId, nodeName, NodeFlags.LOCAL, -1, new BitSet(), 0, 0, 0, 0));
        return nodeId;
    }

    @Override
    public synchronized void dvsEnd() throws DvsException {
        dvs();
        changed("dvsEnd");
        parameters = null;
        local = -1;
        dcs.clear();
        nodes.clear();
        pairs.clear();
    }

    @Override
    public synchronized DvsParameters dvs() throws DvsException {
        require(parameters != null, ErrorCode.DVSINIT, "dvs");
        return parameters;
    }

    @Override
    public synchronized int localNode() throws DvsException {
        dvs();
        return local;
    }

    private Dc running(int dcid) throws DvsException {
        require(dcid >= 0 && dcid < dvs().nrDcs(), ErrorCode.BADDCID, dcid);
        require(dcs.containsKey(dcid), ErrorCode.DCNOTRUN, dcid);
        return dcs.get(dcid);
    }

    @Override
    public synchronized void dcInit(DcSettings settings) throws DvsException {
        settings.check(dvs());
        boolean named = dcs.values().stream().anyMatch(dc -> dc.settings.name().equals(settings.name()));
        require(!dcs.containsKey(settings.dcid()) && !named, ErrorCode.RSCBUSY, settings);
        changed("dcInit " + settings.dcid() + " " + settings.name());
        Dc dc = new Dc(settings);
        dc.nodes.set(local);
        dcs.put(settings.dcid(), dc);
    }

    @Override
    public synchronized void dcEnd(int dcid) throws DvsException {
        running(dcid);
        changed("dcEnd " + dcid);
        dcs.remove(dcid);
    }

    @Override
    public synchronized DcInfo dc(int dcid) throws DvsException {
        return info(running(dcid));
    }

    private static DcInfo info(Dc dc) {
        return new DcInfo(dc.settings, true, dc.nodes, 4_711, dc.processes.size());
    }

    @Override
    public synchronized List<DcInfo> dcs() throws DvsException {
        dvs();
        return dcs.values().stream().map(RecordingKernel::info).toList();
    }

    private void remote(int nodeId) throws DvsException {
        require(nodeId >= 0 && nodeId < dvs().nrNodes() && nodeId != local, ErrorCode.BADNODEID, nodeId);
        require(nodes.containsKey(nodeId), ErrorCode.NODEFREE, nodeId);
    }

    @Override
    public synchronized void addNode(int dcid, int nodeId) throws DvsException {
        Dc dc = running(dcid);
        remote(nodeId);
        require(!dc.nodes.get(nodeId), ErrorCode.DCNODE, nodeId);
        require(dc.nodes.cardinality() < dc.settings.nrNodes(), ErrorCode.RSCBUSY, nodeId);
        changed("addNode " + dcid + " " + nodeId);
        dc.nodes.set(nodeId);
    }

    @Override
    public synchronized void delNode(int dcid, int nodeId) throws DvsException {
        Dc dc = running(dcid);
        remote(nodeId);
        require(dc.nodes.get(nodeId), ErrorCode.NODCNODE, nodeId);
        changed("delNode " + dcid + " " + nodeId);
        forget(dc, nodeId);
    }

    private static void forget(Dc dc, int nodeId) {
        dc.nodes.clear(nodeId);
        dc.processes.values().removeIf(process -> process.node() == nodeId);
    }

    @Override
    public synchronized void nodeUp(String name, int nodeId, int proxyId) throws DvsException {
        require(nodeId >= 0 && nodeId < dvs().nrNodes() && nodeId != local, ErrorCode.BADNODEID, nodeId);
        DvsParameters.checkName(name);
        require(pairs.containsKey(proxyId), ErrorCode.NOPROXY, proxyId);
        changed("nodeUp " + name + " " + nodeId + " " + proxyId);
        nodes.put(nodeId, new NodeInfo(nodeId, name, NodeFlags.ATTACHED, proxyId, new BitSet(), 0, 0, 0, 0));
    }

    @Override
    public synchronized void nodeDown(int nodeId) throws DvsException {
        remote(nodeId);
        changed("nodeDown " + nodeId);
        nodes.remove(nodeId);
        dcs.values().forEach(dc -> forget(dc, nodeId));
    }

    @Override
    public synchronized NodeInfo node(int nodeId) throws DvsException {
        require(nodeId >= 0 && nodeId < dvs().nrNodes(), ErrorCode.BADNODEID, nodeId);
        NodeInfo node = nodes.get(nodeId);
        BitSet member = new BitSet();
        dcs.forEach((dcid, dc) -> member.set(dcid, dc.nodes.get(nodeId)));
        return node == null ? new NodeInfo(nodeId, "", 0, -1, member, 0, 0, 0, 0)
                : new NodeInfo(nodeId, node.name(), node.flags(), node.proxy(), member, 0, 0, 0, 0);
    }

    @Override
    public synchronized List<NodeInfo> nodes() throws DvsException {
        dvs();
        List<NodeInfo> all = new ArrayList<>();
        for (int id : nodes.keySet()) {
            all.add(node(id));
        }
        return all;
    }

    @Override
    public synchronized ProxyInfo proxy(int proxyId) throws DvsException {
        require(pairs.containsKey(proxyId), ErrorCode.PROXYFREE, proxyId);
        return pairs.get(proxyId);
    }

    @Override
    public synchronized List<ProxyInfo> proxies() throws DvsException {
        dvs();
        return List.copyOf(pairs.values());
    }

    @Override
    public synchronized void unbind(int dcid, int endpoint) throws DvsException {
        Dc dc = running(dcid);
        int number = number(dc, endpoint);
        require(dc.processes.containsKey(number), ErrorCode.NOTBIND, endpoint);
        changed("unbind " + dcid + " " + endpoint);
        dc.processes.remove(number);
    }

    private static int number(Dc dc, int endpoint) throws DvsException {
        int number = dc.settings.numbers().processNumber(endpoint);
        require(dc.settings.numbers().isSlot(number), ErrorCode.RANGE, endpoint);
        return number;
    }

    @Override
    public synchronized ProcessInfo process(int dcid, int processNumber) throws DvsException {
        Dc dc = running(dcid);
        require(dc.settings.numbers().isSlot(processNumber), ErrorCode.BADPROC, processNumber);
        return dc.processes.getOrDefault(processNumber,
                process(dcid, processNumber, "", ProcessFlags.SLOT_FREE, 0, EndpointNumbers.NO_PID, -1));
    }

    @Override
    public synchronized List<ProcessInfo> processes(int dcid) throws DvsException {
        return List.copyOf(running(dcid).processes.values());
    }

    @Override
    public synchronized Privileges privileges(int dcid, int endpoint) throws DvsException {
        Dc dc = running(dcid);
        int number = number(dc, endpoint);
        require(dc.processes.containsKey(number), ErrorCode.NOTBIND, endpoint);
        BitSet all = new BitSet();
        all.set(0, dc.settings.nrSysprocs());
        return dc.privileges.getOrDefault(number, new Privileges(number + dc.settings.nrTasks(), 1, 0, all, Call.allBits()));
    }

    @Override
    public synchronized void privileges(int dcid, int endpoint, Privileges privileges) throws DvsException {
        Dc dc = running(dcid);
        int number = number(dc, endpoint);
        require(dc.processes.containsKey(number), ErrorCode.DSTDIED, endpoint);
        require(privileges.level() >= 0 && privileges.level() <= Privileges.MAX_LEVEL, ErrorCode.BADVALUE, privileges.level());
        changed("privileges " + dcid + " " + endpoint);
        dc.privileges.put(number, privileges);
    }

    @Override
    public synchronized void migrateStart(int dcid, int endpoint) throws DvsException {
        start("migrateStart", dcid, endpoint);
    }

    @Override
    public synchronized void migrateSoon(int dcid, int endpoint) throws DvsException {
        start("migrateSoon", dcid, endpoint);
    }

    private void start(String call, int dcid, int endpoint) throws DvsException {
        ProcessInfo of = bound(dcid, endpoint);
        require(!migrating(of), ErrorCode.MIGRATE, endpoint);
        changed(call + " " + dcid + " " + endpoint);
        boolean later = busy.contains(dcid + "/" + of.number());
        int flags = later ? of.flags() : of.flags() | ProcessFlags.MIGRATING;
        put(with(of, flags, later ? of.misc() | ProcessFlags.NEEDMIG : of.misc(), of.lpid(), of.node()));
    }

    @Override
    public synchronized void migrateCommit(int pid, int dcid, int endpoint, int newNode) throws DvsException {
        ProcessInfo of = bound(dcid, endpoint);
        require((of.flags() & ProcessFlags.MIGRATING) != 0, ErrorCode.PROCSTS, endpoint);
        require(nodes.containsKey(newNode), ErrorCode.NOPROXY, newNode);
        require(dcs.get(dcid).nodes.get(newNode), ErrorCode.NODCNODE, newNode);
        changed("migrateCommit " + pid + " " + dcid + " " + endpoint + " " + newNode);
        boolean held = (of.flags() & ProcessFlags.REMOTE) == 0;
        int flags = of.flags() & ~(ProcessFlags.MIGRATING | ProcessFlags.REMOTE);
        if (newNode == local) {
            put(with(of, flags, of.misc() & ~ProcessFlags.RMTBACKUP, of.lpid(), newNode));
        } else {
            put(with(of, flags | ProcessFlags.REMOTE, held ? ProcessFlags.RMTBACKUP : of.misc(), of.lpid(), newNode));
        }
    }

    @Override
    public synchronized void migrateRollback(int dcid, int endpoint) throws DvsException {
        ProcessInfo of = bound(dcid, endpoint);
        require(migrating(of), ErrorCode.PROCSTS, endpoint);
        changed("migrateRollback " + dcid + " " + endpoint);
        put(with(of, of.flags() & ~ProcessFlags.MIGRATING, of.misc() & ~ProcessFlags.NEEDMIG, of.lpid(), of.node()));
    }

    private ProcessInfo bound(int dcid, int endpoint) throws DvsException {
        Dc dc = running(dcid);
        ProcessInfo process = dc.processes.get(number(dc, endpoint));
        require(process != null, ErrorCode.NOTBIND, endpoint);
        require(process.endpoint() == endpoint, ErrorCode.ENDPOINT, endpoint);
        return process;
    }

    private static boolean migrating(ProcessInfo process) {
        return (process.flags() & ProcessFlags.MIGRATING) != 0 || (process.misc() & ProcessFlags.NEEDMIG) != 0;
    }

    private static ProcessInfo with(ProcessInfo of, int flags, int misc, int lpid, int node) {
        return new ProcessInfo(of.dcid(), of.number(), of.endpoint(), of.name(), flags, misc, lpid, of.vpid(), node, of.getFrom(),
                of.sendTo(), of.waitMigrate(), of.waitUnbind(), of.proxy(), of.lclSent(), of.rmtSent(), of.lclCopy(),
                of.rmtCopy());
    }

    private static UnsupportedOperationException noMessages() {
        return new UnsupportedOperationException("a kernel of tables alone");
    }

    @Override
    public ProxyPair proxiesBind(String name, int proxyId, int maxBytes, int maxBatch) {
        throw noMessages();
    }

    @Override
    public ProxyPair proxyPair(int proxyId) {
        throw noMessages();
    }

    @Override
    public Endpoint bind(int dcid, int endpoint, String name, BindKind kind, int node) {
        throw noMessages();
    }

    @Override
    public AsyncEndpoint bindHandler(int dcid, int endpoint, String name, DvsHandler handler) {
        throw noMessages();
    }

    @Override
    public AsyncEndpoint bindAsync(int dcid, int endpoint, String name, BindKind kind, int node) {
        throw noMessages();
    }

    @Override
    public synchronized int lclbind(int dcid, int pid, int endpoint, BindKind kind, int node) throws DvsException {
        WaitingProgram program = waiting.stream().filter(each -> each.pid() == pid).findFirst()
                .orElseThrow(() -> refused(ErrorCode.BADPID, pid));
        Dc dc = running(dcid);
        int number = number(dc, endpoint);
        require(!dc.processes.containsKey(number), ErrorCode.SLOTUSED, endpoint);
        changed("lclbind " + dcid + " " + pid + " " + endpoint + " " + kind + " " + node);
        waiting.remove(program);
        boolean backup = kind == BindKind.BACKUP;
        put(process(dcid, number, program.name(), backup ? ProcessFlags.REMOTE : 0,
                backup ? ProcessFlags.RMTBACKUP : ProcessFlags.GRPLEADER, pid, backup ? node : local));
        return endpoint;
    }

    @Override
    public synchronized List<WaitingProgram> waiting() {
        return List.copyOf(waiting);
    }

    @Override
    public int autobind(int dcid, int endpoint, String name, int node) throws DvsException {
        return stub("autobind", dcid, endpoint, name, node);
    }

    @Override
    public int rmtbind(int dcid, int endpoint, String name, int node) throws DvsException {
        return stub("rmtbind", dcid, endpoint, name, node);
    }

    private synchronized int stub(String call, int dcid, int endpoint, String name, int node) throws DvsException {
        Dc dc = running(dcid);
        int number = number(dc, endpoint);
        DvsParameters.checkName(name);
        require(node >= 0 && node < dvs().nrNodes() && node != local, ErrorCode.BADNODEID, node);
        require(dc.nodes.get(node), ErrorCode.NODCNODE, node);
        require(!dc.processes.containsKey(number), ErrorCode.SLOTUSED, endpoint);
        require(nodes.containsKey(node), ErrorCode.NOPROXY, node);
        changed(call + " " + dcid + " " + endpoint + " " + name + " " + node);
        put(process(dcid, number, name, ProcessFlags.REMOTE, 0, EndpointNumbers.NO_PID, node));
        return endpoint;
    }

    @Override
    public void wakeup(int dcid, int endpoint) {
        throw noMessages();
    }

    @Override
    public void hdwNotify(int dcid, int endpoint) {
        throw noMessages();
    }
}
