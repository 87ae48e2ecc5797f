package org.dvs.registry.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.AgreedState.Entry;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.api.Dvs;
import org.dvs.registry.api.DvsInfo;
import org.dvs.registry.internal.dc.DcRecords;

/**
 * The table of the DVS over the agreed state: its parameters under {@code dvs/params}, and a key {@code dvs/node/ID} for each
 * node that is initialised.
 *
 * <p><b>Invariant.</b> The parameters are in force exactly while some node is initialised. A node that joins others names one
 * of them as a condition of its change (the witness): if that one ends meanwhile the change conflicts and is tried again on what
 * is there then. So nodes that initialise at the same time do not stand in each other's way, and none ever joins parameters
 * that were taken away. The last node's end takes two changes; if the node dies between them, parameters are left over that
 * are not in force, and the next initialisation overwrites them.
 *
 * <p>Stateless but for what it was made with; thread-safe.
 */
public final class DvsTable implements Dvs {
    static final String PARAMETERS = "dvs/params";
    static final String NODES = "dvs/node/";
    /** DCs that the end of the DVS on a node changes in one transaction, which has a size limit. */
    private static final int DCS_AT_ONCE = 256;

    private final AgreedState state;
    private final Member local;
    private final Refresh refresh;
    private final LongSupplier nanoTime;
    private final Optimistic optimistic;
    private final DcRecords dcs;

    /** @param nanoTime monotonic clock */
    public DvsTable(AgreedState state, Member local, LongSupplier nanoTime) {
        this(state, local, () -> CompletableFuture.completedFuture(null), nanoTime);
    }

    /** The table of a cluster that this node may not have joined yet. @param nanoTime monotonic clock */
    public DvsTable(Cluster cluster, LongSupplier nanoTime) {
        this(cluster.state(), cluster.local(), cluster::joined, nanoTime);
    }

    /** @param joined completes when there is somebody to ask for what is agreed */
    DvsTable(AgreedState state, Member local, Supplier<CompletableFuture<?>> joined, LongSupplier nanoTime) {
        this.state = state;
        this.local = local;
        this.refresh = new Refresh(state, local, joined, nanoTime);
        this.nanoTime = nanoTime;
        this.optimistic = new Optimistic(state, nanoTime);
        this.dcs = new DcRecords(state);
    }

    @Override
    public int init(DvsParameters parameters, Duration limit) throws DvsException, InterruptedException {
        parameters.check();
        if (local.id() >= parameters.nrNodes()) {
            throw new DvsException(ErrorCode.BADNODEID,
                    local.name() + " has id " + local.id() + ", but nr_nodes " + parameters.nrNodes() + " allows 0.."
                    + (parameters.nrNodes() - 1));
        }
        optimistic.change(() -> Optional.of(joining(parameters)), limit, "initialising " + local.name());
        return local.id();
    }

    private Change joining(DvsParameters parameters) throws DvsException {
        // In this order: who initialises between the two reads writes the parameters, and the change will conflict.
        Optional<Entry> there = state.get(PARAMETERS);
        SortedMap<Integer, Entry> nodes = entries();
        if (nodes.containsKey(local.id())) {
            throw new DvsException(ErrorCode.DVSBUSY, "the DVS is initialised on " + local.name() + " already");
        }
        Change change = new Change().expect(PARAMETERS, there.map(Entry::version).orElse(0L)).expectAbsent(key(local.id()))
                .put(key(local.id()), DvsCodec.encodeNode(local.name()));
        if (nodes.isEmpty()) {
            return change.put(PARAMETERS, DvsCodec.encode(parameters));
        }
        if (there.isPresent()) {
            List<String> differences = parameters.differencesTo(DvsCodec.parameters(there.get().value()));
            if (!differences.isEmpty()) {
                throw new DvsException(ErrorCode.BADVALUE,
                        "the DVS is initialised on " + String.join(", ", names(nodes)) + " with other parameters: "
                        + String.join(", ", differences));
            }
        }
        int witness = nodes.firstKey();
        return change.expect(key(witness), nodes.get(witness).version());
    }

    @Override
    public DvsInfo info(Duration limit) throws DvsException, InterruptedException {
        Duration age = refresh.within(limit);
        SortedMap<Integer, Entry> nodes = entries();
        Optional<Entry> parameters = state.get(PARAMETERS);
        if (!nodes.containsKey(local.id()) || parameters.isEmpty()) {
            throw new DvsException(ErrorCode.DVSINIT, "the DVS is not initialised on " + local.name()
                    + (nodes.isEmpty() ? "" : "; it is on " + String.join(", ", names(nodes)))
                    + (age.isZero() ? "" : ", as of " + age.toMillis() + " ms ago"));
        }
        return new DvsInfo(DvsCodec.parameters(parameters.get().value()), names(nodes), age.toMillis());
    }

    @Override
    public void end(Duration limit) throws DvsException, InterruptedException {
        end(local, limit);
    }

    /** Ends the DVS on any node: on this one, or on one that was taken out of the cluster. It leaves all its DCs. */
    public void end(Member member, Duration limit) throws DvsException, InterruptedException {
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        Ending ending = new Ending(member);
        while (!ending.last) {
            optimistic.change(ending, left(deadline), "ending the DVS on " + member.name());
        }
        removeParameters(deadline);
    }

    /** Takes a node out of its DCs, so many at a time; the last change also takes away its entry. */
    private final class Ending implements Optimistic.Decision {
        private final Member member;
        private boolean begun;
        private boolean last;

        Ending(Member member) {
            this.member = member;
        }

        @Override
        public Optional<Change> decide() throws DvsException {
            Entry entry = entries().get(member.id());
            if (entry == null) {
                throw new DvsException(ErrorCode.DVSINIT, begun
                        ? "the DVS was ended on " + member.name() + " by somebody else meanwhile"
                        : "the DVS is not initialised on " + member.name());
            }
            begun = true;
            // Read before the DCs: who makes the node a member of one writes it anew, and this change conflicts.
            Change change = new Change().expect(key(member.id()), entry.version());
            last = dcs.leave(member.id(), change, DCS_AT_ONCE);
            return Optional.of(last ? change.remove(key(member.id())) : change);
        }
    }

    private void removeParameters(long deadline) throws DvsException, InterruptedException {
        Optional<Entry> parameters = state.get(PARAMETERS);
        if (parameters.isEmpty() || !entries().isEmpty()) {
            return;
        }
        Change change = new Change().expect(PARAMETERS, parameters.get().version()).remove(PARAMETERS);
        try {
            Waiting.on(state.commit(change), left(deadline), ErrorCode.UNKNOWNOUTCOME, "removing the parameters of the DVS");
        } catch (DvsException e) {
            // A conflict: another node has initialised with parameters of its own. Else they are left over, not in force.
            if (e.code() != ErrorCode.CONFLICT && e.code() != ErrorCode.NOTREADY && e.code() != ErrorCode.UNKNOWNOUTCOME) {
                throw e;
            }
        }
    }

    /** Ids of the nodes that are initialised, as far as this node knows. */
    public List<Integer> initialised() {
        return List.copyOf(entries().keySet());
    }

    private SortedMap<Integer, Entry> entries() {
        SortedMap<Integer, Entry> nodes = new TreeMap<>();
        state.list(NODES).forEach((key, entry) -> nodes.put(Integer.valueOf(key.substring(NODES.length())), entry));
        return nodes;
    }

    private static List<String> names(Map<Integer, Entry> nodes) throws DvsException {
        List<String> names = new ArrayList<>();
        for (Map.Entry<Integer, Entry> node : nodes.entrySet()) {
            names.add(DvsCodec.node(key(node.getKey()), node.getValue().value()));
        }
        return names;
    }

    private static String key(int nodeId) {
        return NODES + nodeId;
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(deadline - nanoTime.getAsLong());
    }
}
