package org.dvs.registry.internal.dc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.api.AgreedDc;
import org.dvs.registry.api.AgreedDcs;
import org.dvs.registry.api.Dcs;
import org.dvs.registry.internal.DvsSnapshot;
import org.dvs.registry.internal.Optimistic;
import org.dvs.registry.internal.Refresh;
import org.dvs.registry.internal.dc.DcRecords.Versioned;

/**
 * The table of DCs over the agreed state. What a DC is stands under its id; a second key holds its name, so that no two DCs
 * get one name at the same time.
 *
 * <p><b>Invariant.</b> The members of a DC are nodes on which the DVS is initialised. Whoever makes a node a member writes that
 * node's entry in the table of the DVS anew, so that an end of the DVS there, decided at the same time, is decided again; and
 * the end takes the node out of all DCs.
 *
 * <p>Stateless but for what it was made with; thread-safe.
 */
public final class DcTable implements Dcs {
    private final AgreedState state;
    private final DcRecords records;
    private final Member local;
    private final Optimistic optimistic;
    private final Refresh refresh;
    private final LongSupplier clock;

    /**
     * @param nanoTime monotonic clock
     * @param clock    milliseconds since the epoch
     */
    public DcTable(AgreedState state, Member local, Refresh refresh, LongSupplier nanoTime, LongSupplier clock) {
        this.state = state;
        this.records = new DcRecords(state);
        this.local = local;
        this.optimistic = new Optimistic(state, nanoTime);
        this.refresh = refresh;
        this.clock = clock;
    }

    @Override
    public void init(DcSettings settings, String request, Duration limit) throws DvsException, InterruptedException {
        optimistic.change(() -> {
            DvsSnapshot dvs = DvsSnapshot.read(state);
            settings.check(dvs.parametersOn(local));
            Change change = joining(settings, request);
            dvs.touch(local.id(), change);
            return Optional.of(change);
        }, limit, "initialising DC " + settings.dcid());
    }

    private Change joining(DcSettings settings, String request) throws DvsException {
        Optional<Versioned> there = records.versioned(settings.dcid());
        if (there.isEmpty()) {
            // This very DC, where it was made between the two looks: then the creation meets a conflict, and one looks again.
            Optional<Integer> owner = records.owner(settings.name()).filter(id -> id != settings.dcid());
            if (owner.isPresent()) {
                throw new DvsException(ErrorCode.RSCBUSY, "DC " + owner.get() + " has the name '" + settings.name() + "'");
            }
            return records.create(new DcRecord(settings, new TreeSet<>(Set.of(local.id())), clock.getAsLong(), request));
        }
        DcRecord dc = there.get().dc();
        if (dc.nodes().contains(local.id())) {
            throw new DvsException(ErrorCode.RSCBUSY, dc.shown() + " runs on " + local.name() + " already");
        }
        List<String> differences = dc.differences(settings);
        if (!differences.isEmpty()) {
            throw new DvsException(ErrorCode.RSCBUSY,
                    dc.shown() + " runs with other settings: " + String.join(", ", differences));
        }
        return records.replace(there.get(), enlarged(dc, local.id(), request));
    }

    private static DcRecord enlarged(DcRecord dc, int nodeId, String request) throws DvsException {
        if (dc.nodes().size() >= dc.settings().nrNodes()) {
            throw new DvsException(ErrorCode.RSCBUSY, dc.shown() + " has its " + dc.settings().nrNodes() + " nodes");
        }
        return dc.with(nodeId, request);
    }

    @Override
    public void end(int dcid, String request, Duration limit) throws DvsException, InterruptedException {
        optimistic.change(() -> {
            inRange(dcid, DvsSnapshot.read(state).parametersOn(local));
            Optional<Versioned> there = records.versioned(dcid);
            if (there.isEmpty() && records.endedBy(dcid).equals(Optional.of(request))) {
                return Optional.empty();
            }
            return Optional.of(records.end(running(dcid, there), request));
        }, limit, "ending DC " + dcid);
    }

    @Override
    public void addNode(int dcid, int nodeId, String request, Duration limit) throws DvsException, InterruptedException {
        optimistic.change(() -> {
            DvsSnapshot dvs = DvsSnapshot.read(state);
            Versioned old = running(dcid, dvs);
            checkNode(nodeId, dvs);
            if (old.dc().nodes().contains(nodeId)) {
                if (old.dc().request().equals(request)) {
                    return Optional.empty();
                }
                throw new DvsException(ErrorCode.DCNODE, dvs.name(nodeId) + " is a member of " + old.dc().shown() + " already");
            }
            Change change = records.replace(old, enlarged(old.dc(), nodeId, request));
            dvs.touch(nodeId, change);
            return Optional.of(change);
        }, limit, "adding node " + nodeId + " to DC " + dcid);
    }

    @Override
    public void deleteNode(int dcid, int nodeId, String request, Duration limit) throws DvsException, InterruptedException {
        optimistic.change(() -> {
            DvsSnapshot dvs = DvsSnapshot.read(state);
            Versioned old = running(dcid, dvs);
            checkNode(nodeId, dvs);
            if (!old.dc().nodes().contains(nodeId)) {
                if (old.dc().request().equals(request)) {
                    return Optional.empty();
                }
                throw new DvsException(ErrorCode.NODCNODE, dvs.name(nodeId) + " is not a member of " + old.dc().shown());
            }
            if (old.dc().nodes().size() == 1) {
                throw new DvsException(ErrorCode.BADNODEID,
                        dvs.name(nodeId) + " is the last member of " + old.dc().shown() + ": end the DC instead");
            }
            return Optional.of(records.replace(old, old.dc().without(nodeId, request)));
        }, limit, "deleting node " + nodeId + " from DC " + dcid);
    }

    private Versioned running(int dcid, DvsSnapshot dvs) throws DvsException {
        inRange(dcid, dvs.parametersOn(local));
        return running(dcid, records.versioned(dcid));
    }

    private static Versioned running(int dcid, Optional<Versioned> there) throws DvsException {
        return there.orElseThrow(() -> new DvsException(ErrorCode.DCNOTRUN, "DC " + dcid + " is not running"));
    }

    private static void inRange(int dcid, DvsParameters dvs) throws DvsException {
        if (dcid < 0 || dcid >= dvs.nrDcs()) {
            throw new DvsException(ErrorCode.BADDCID,
                    "DC " + dcid + ": nr_dcs " + dvs.nrDcs() + " allows 0.." + (dvs.nrDcs() - 1));
        }
    }

    private static void checkNode(int nodeId, DvsSnapshot dvs) throws DvsException {
        int nrNodes = dvs.parameters().orElseThrow().nrNodes();
        if (nodeId < 0 || nodeId >= nrNodes) {
            throw new DvsException(ErrorCode.BADNODEID,
                    "node " + nodeId + ": nr_nodes " + nrNodes + " allows 0.." + (nrNodes - 1));
        }
        if (!dvs.on(nodeId)) {
            throw new DvsException(ErrorCode.NODEFREE, "the DVS is not initialised on node " + nodeId);
        }
    }

    @Override
    public Optional<AgreedDc> dc(int dcid, Duration limit) throws DvsException, InterruptedException {
        long age = refresh.within(limit).toMillis();
        DvsSnapshot dvs = DvsSnapshot.read(state);
        inRange(dcid, dvs.parametersOn(local));
        return records.get(dcid).map(dc -> agreed(dc, dvs, age));
    }

    @Override
    public AgreedDcs all(Duration limit) throws DvsException, InterruptedException {
        long age = refresh.within(limit).toMillis();
        DvsSnapshot dvs = DvsSnapshot.read(state);
        dvs.parametersOn(local);
        List<AgreedDc> all = new ArrayList<>();
        records.all().values().forEach(dc -> all.add(agreed(dc, dvs, age)));
        return new AgreedDcs(all, age);
    }

    private static AgreedDc agreed(DcRecord dc, DvsSnapshot dvs, long ageMs) {
        SortedMap<Integer, String> nodes = new TreeMap<>();
        dc.nodes().forEach(id -> nodes.put(id, dvs.name(id)));
        return new AgreedDc(dc.settings(), nodes, dc.createdMs(), ageMs);
    }
}
