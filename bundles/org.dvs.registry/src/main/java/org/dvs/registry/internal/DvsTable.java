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
    /** Tries after a conflict. Each conflict means that another node got through. */
    private static final int MAX_TRIES = 64;
    /** A read waits no longer for the majority before it takes what is here. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(2);
    /** A node that has just started finds the others within seconds; the caller shall not wait much longer for one that does not. */
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final AgreedState state;
    private final Member local;
    private final Supplier<CompletableFuture<?>> joined;
    private final LongSupplier nanoTime;

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
        this.joined = joined;
        this.nanoTime = nanoTime;
    }

    @Override
    public int init(DvsParameters parameters, Duration limit) throws DvsException, InterruptedException {
        parameters.check();
        if (local.id() >= parameters.nrNodes()) {
            throw new DvsException(ErrorCode.BADNODEID,
                    local.name() + " has id " + local.id() + ", but nr_nodes " + parameters.nrNodes() + " allows 0.."
                    + (parameters.nrNodes() - 1));
        }
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        for (int tries = 1;; tries++) {
            Waiting.on(state.sync(), left(deadline), ErrorCode.TIMEDOUT, "reading the agreed state");
            Change change = joining(parameters);
            try {
                Waiting.on(state.commit(change), left(deadline), ErrorCode.UNKNOWNOUTCOME, "initialising " + local.name());
                return local.id();
            } catch (DvsException e) {
                if (e.code() != ErrorCode.CONFLICT || tries == MAX_TRIES) {
                    throw e;
                }
            }
        }
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
        Duration age = refresh(nanoTime.getAsLong() + limit.toNanos());
        SortedMap<Integer, Entry> nodes = entries();
        Optional<Entry> parameters = state.get(PARAMETERS);
        if (!nodes.containsKey(local.id()) || parameters.isEmpty()) {
            throw new DvsException(ErrorCode.DVSINIT, "the DVS is not initialised on " + local.name()
                    + (nodes.isEmpty() ? "" : "; it is on " + String.join(", ", names(nodes)))
                    + (age.isZero() ? "" : ", as of " + age.toMillis() + " ms ago"));
        }
        return new DvsInfo(DvsCodec.parameters(parameters.get().value()), names(nodes), age.toMillis());
    }

    /**
     * Catches up with what is agreed.
     *
     * @return zero if that was possible; else how old is what is here, because there is no majority to ask
     * @throws DvsException {@code NOTREADY} if this node never knew the whole state since it started: what its own log
     *                      holds may lack anything, so nothing can be told from it
     */
    private Duration refresh(long deadline) throws DvsException, InterruptedException {
        try {
            Waiting.on(state.sync(), shorter(left(deadline), READ_LIMIT), ErrorCode.TIMEDOUT, "reading the agreed state");
            return Duration.ZERO;
        } catch (DvsException e) {
            Duration age = state.age();
            if (age.compareTo(AgreedState.NEVER) < 0) {
                return age.plusMillis(1);
            }
        }
        long start = Math.min(deadline, nanoTime.getAsLong() + START_LIMIT.toNanos());
        try {
            Waiting.on(joined.get(), left(start), ErrorCode.NOTREADY, "joining the cluster");
            Waiting.on(state.sync(), left(start), ErrorCode.NOTREADY, "reading the agreed state");
            return Duration.ZERO;
        } catch (DvsException e) {
            throw new DvsException(ErrorCode.NOTREADY, local.name() + " does not know yet what is agreed: " + e.getMessage(), e);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void end(Duration limit) throws DvsException, InterruptedException {
        end(local, limit);
    }

    /** Ends the DVS on any node: on this one, or on one that was taken out of the cluster. */
    public void end(Member member, Duration limit) throws DvsException, InterruptedException {
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        Waiting.on(state.sync(), left(deadline), ErrorCode.TIMEDOUT, "reading the agreed state");
        Entry entry = entries().get(member.id());
        if (entry == null) {
            throw new DvsException(ErrorCode.DVSINIT, "the DVS is not initialised on " + member.name());
        }
        Change change = new Change().expect(key(member.id()), entry.version()).remove(key(member.id()));
        try {
            Waiting.on(state.commit(change), left(deadline), ErrorCode.UNKNOWNOUTCOME, "ending the DVS on " + member.name());
        } catch (DvsException e) {
            if (e.code() == ErrorCode.CONFLICT) {
                throw new DvsException(ErrorCode.DVSINIT, "the DVS was ended on " + member.name()
                        + " by somebody else meanwhile", e);
            }
            throw e;
        }
        removeParameters(deadline);
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
