package org.dvs.registry.internal.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.registry.api.MigrationInfo;
import org.dvs.registry.api.Migrations;
import org.dvs.registry.internal.DvsSnapshot;
import org.dvs.registry.internal.Optimistic;
import org.dvs.registry.internal.Waiting;
import org.dvs.registry.internal.dc.DcRecord;
import org.dvs.registry.internal.dc.DcRecords;
import org.dvs.registry.internal.migration.MigrationRecords.Versioned;
import org.dvs.registry.internal.migration.MigrationRules.Situation;

/**
 * What is asked for, put into the agreed state, and the wait for what becomes of it; {@link MigrationCare} carries it out.
 * Thread-safe.
 */
public final class MigrationTable implements Migrations {
    /** A call that ends late takes back by itself what it began. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final AgreedState state;
    private final Member local;
    private final Supplier<View> view;
    private final long session;
    private final LongSupplier nanoTime;
    private final MigrationRecords records;
    private final DcRecords dcs;
    private final Optimistic optimistic;
    /** Those who wait look again. */
    private final Set<Runnable> looks = ConcurrentHashMap.newKeySet();

    /** All nodes that are there have rolled a migration back; what for is its own code and message. */
    private static final class RolledBackException extends DvsException {
        private static final long serialVersionUID = 1L;

        RolledBackException(DvsException reason) {
            super(reason.code(), reason.getMessage());
        }
    }

    /** How a migration stands or how it ended; one of the two. */
    private record Seen(Optional<Migration> now, Optional<Outcome> ended) {
    }

    /**
     * @param session  as that of {@link MigrationCare}
     * @param nanoTime monotonic clock
     */
    MigrationTable(AgreedState state, Member local, Supplier<View> view, long session, LongSupplier nanoTime) {
        this.state = state;
        this.local = local;
        this.view = view;
        this.session = session;
        this.nanoTime = nanoTime;
        this.records = new MigrationRecords(state);
        this.dcs = new DcRecords(state);
        this.optimistic = new Optimistic(state, nanoTime);
    }

    @Override
    public void start(int dcid, int endpoint, int target, String request, Duration keep, Duration limit)
            throws DvsException, InterruptedException {
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        optimistic.change(() -> beginning(dcid, endpoint, target, request, keep), limit, "starting to migrate " + endpoint);
        try {
            Seen seen = await(dcid, endpoint, request, now -> now.phase() != Phase.START, deadline);
            if (seen.ended().isPresent()) {
                check(seen.ended().get());
            }
        } catch (DvsException e) {
            if (e.code() == ErrorCode.TIMEDOUT) {
                giveUp(dcid, endpoint, request);
            }
            throw e;
        } catch (InterruptedException e) {
            giveUp(dcid, endpoint, request);
            throw e;
        }
    }

    /** The change that begins it; empty if this request has done so before. */
    private Optional<Change> beginning(int dcid, int endpoint, int target, String request, Duration keep) throws DvsException {
        DvsSnapshot dvs = DvsSnapshot.read(state);
        DcRecord dc = running(dcid, dvs);
        long lastVersion = records.lastVersion(dcid, endpoint);
        Optional<Versioned> there = records.get(dcid, endpoint);
        if (there.isPresent()) {
            if (there.get().migration().id().equals(request)) {
                return Optional.empty();
            }
            Migration now = there.get().migration();
            throw new DvsException(ErrorCode.MIGRATE, endpoint + " in DC " + dcid + " is migrating to " + dvs.name(now.target())
                    + ", in " + now.phase().word());
        }
        if (records.last(dcid, endpoint).filter(last -> last.id().equals(request)).isPresent()) {
            return Optional.empty();
        }
        EndpointNumbers numbers = dc.settings().numbers();
        if (!numbers.isSlot(numbers.processNumber(endpoint))) {
            throw new DvsException(ErrorCode.ENDPOINT, endpoint + " is not an endpoint of " + dc.shown()
                    + ", which has process numbers " + -dc.settings().nrTasks() + ".." + (dc.settings().nrProcs() - 1));
        }
        if (!dc.nodes().contains(target)) {
            throw new DvsException(ErrorCode.NODCNODE, dvs.name(target) + " is not a member of " + dc.shown());
        }
        View here = view.get();
        for (int node : dc.nodes()) {
            if (!here.contains(node)) {
                throw new DvsException(ErrorCode.NOTCONN, dvs.name(node) + ", a member of " + dc.shown() + ", is not there");
            }
        }
        return Optional.of(records.begin(new Migration(dcid, endpoint, request, request, Phase.START, target,
                EndpointNumbers.NO_PID, local.id(), session, keep.toMillis(), -1, "", false, 0, "", dc.nodes()), lastVersion));
    }

    private DcRecord running(int dcid, DvsSnapshot dvs) throws DvsException {
        int nrDcs = dvs.parametersOn(local).nrDcs();
        if (dcid < 0 || dcid >= nrDcs) {
            throw new DvsException(ErrorCode.BADDCID, "DC " + dcid + ": nr_dcs " + nrDcs + " allows 0.." + (nrDcs - 1));
        }
        return dcs.get(dcid).orElseThrow(() -> new DvsException(ErrorCode.DCNOTRUN, "DC " + dcid + " is not running"));
    }

    /** What was only started must not stay because nobody waits for it any more. Does not wait. */
    private void giveUp(int dcid, int endpoint, String request) {
        try {
            Optional<Versioned> there = records.get(dcid, endpoint).filter(each -> each.migration().id().equals(request)
                    && each.migration().phase() == Phase.START);
            if (there.isPresent()) {
                Migration back = there.get().migration().rollback(ErrorCode.TIMEDOUT, "not all nodes have started it in time");
                state.commit(records.replace(there.get(), back));
            }
        } catch (DvsException e) {
            throw new IllegalStateException("what could be read before", e);
        }
    }

    @Override
    public void commit(int dcid, int endpoint, int pid, String request, Duration limit)
            throws DvsException, InterruptedException {
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        String id = steer(dcid, endpoint, request, now -> now.phase() == Phase.STARTED ? Optional.of(now.take(pid, request))
                : Optional.empty(), limit);
        try {
            Seen seen = await(dcid, endpoint, id, this::settled, deadline);
            if (seen.ended().isPresent()) {
                check(seen.ended().get());
            }
        } catch (DvsException e) {
            Optional<Phase> phase = records.get(dcid, endpoint).map(Versioned::migration).filter(each -> each.id().equals(id))
                    .map(Migration::phase);
            if (e.code() == ErrorCode.TIMEDOUT && phase.equals(Optional.of(Phase.TAKE))) {
                throw new DvsException(ErrorCode.UNKNOWNOUTCOME, e.getMessage(), e);
            }
            // Once it has moved, who has not followed yet does so by itself.
            if (e.code() != ErrorCode.TIMEDOUT || !phase.equals(Optional.of(Phase.COMMIT))) {
                throw e;
            }
        }
    }

    @Override
    public void rollback(int dcid, int endpoint, String request, Duration limit) throws DvsException, InterruptedException {
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        String id = steer(dcid, endpoint, request, now -> now.phase() == Phase.START || now.phase() == Phase.STARTED
                ? Optional.of(now.rollback(request)) : Optional.empty(), limit);
        try {
            await(dcid, endpoint, id, now -> false, deadline);
        } catch (RolledBackException e) {
            // As was asked for; nodes that are not there follow when they are back.
        }
    }

    @Override
    public void move(int dcid, int endpoint, int target, int pid, String request, Duration limit)
            throws DvsException, InterruptedException {
        long deadline = nanoTime.getAsLong() + limit.toNanos();
        // When this call has ended, nobody commits it any more.
        start(dcid, endpoint, target, request, limit.plus(GRACE), limit);
        commit(dcid, endpoint, pid, request, left(deadline));
    }

    /** What a migration is to become; empty if it cannot. */
    @FunctionalInterface
    private interface Step {
        Optional<Migration> from(Migration now);
    }

    /** @return the id of the migration that was changed, by this call or before by the same request */
    private String steer(int dcid, int endpoint, String request, Step step, Duration limit)
            throws DvsException, InterruptedException {
        String[] id = new String[1];
        optimistic.change(() -> {
            running(dcid, DvsSnapshot.read(state));
            Optional<Versioned> there = records.get(dcid, endpoint);
            if (there.isPresent()) {
                Migration now = there.get().migration();
                id[0] = now.id();
                Optional<Migration> next = step.from(now);
                if (next.isPresent()) {
                    return Optional.of(records.replace(there.get(), next.get()));
                }
                if (!now.request().equals(request)) {
                    throw new DvsException(ErrorCode.PROCSTS, "the " + now.shown() + " is in " + now.phase().word());
                }
                return Optional.empty();
            }
            Outcome last = records.last(dcid, endpoint).filter(each -> each.request().equals(request)).orElseThrow(() ->
                    new DvsException(ErrorCode.PROCSTS, endpoint + " in DC " + dcid + " is not migrating"));
            id[0] = last.id();
            return Optional.empty();
        }, limit, "the migration of " + endpoint);
        return id[0];
    }

    /**
     * Waits until a migration has come so far, or has ended.
     *
     * @throws RolledBackException when all nodes that are there have rolled it back, and others have to follow
     */
    private Seen await(int dcid, int endpoint, String id, Predicate<Migration> until, long deadline)
            throws DvsException, InterruptedException {
        CompletableFuture<Seen> reached = new CompletableFuture<>();
        Runnable look = () -> look(dcid, endpoint, id, until, reached);
        AutoCloseable watch = state.watch(MigrationRecords.ALL, (key, entry) -> look.run());
        looks.add(look);
        try {
            look.run();
            return Waiting.on(reached, left(deadline), ErrorCode.TIMEDOUT, "the migration of " + endpoint + " in DC " + dcid);
        } catch (DvsException e) {
            throw e.code() == ErrorCode.TIMEDOUT && !reached.isDone() ? late(dcid, endpoint, id, e) : e;
        } finally {
            looks.remove(look);
            close(watch);
        }
    }

    /** Others are there than before: nobody waits for those who are gone. Does not wait. */
    void viewChanged() {
        looks.forEach(Runnable::run);
    }

    /** A wait was too long: says who is waited for, or what it is rolled back for. */
    private DvsException late(int dcid, int endpoint, String id, DvsException why) throws DvsException {
        Optional<Migration> now = records.get(dcid, endpoint).map(Versioned::migration).filter(each -> each.id().equals(id));
        if (now.isEmpty()) {
            return why;
        }
        if (now.get().phase() == Phase.ROLLBACK && now.get().rcode() != 0) {
            return reason(now.get().rcode(), now.get().why());
        }
        DvsSnapshot dvs = DvsSnapshot.read(state);
        List<String> pending = waiting(now.get(), dvs).stream().map(dvs::name).toList();
        String restless = now.get().phase() == Phase.START
                ? ": either that does not answer, or the process there made no call, or owed an answer all the time" : "";
        return new DvsException(ErrorCode.TIMEDOUT, why.getMessage() + "; it is in " + now.get().phase().word()
                + " and waits for " + String.join(", ", pending) + restless, why);
    }

    private void look(int dcid, int endpoint, String id, Predicate<Migration> until, CompletableFuture<Seen> reached) {
        try {
            Optional<Migration> now = records.get(dcid, endpoint).map(Versioned::migration).filter(each -> each.id().equals(id));
            if (now.isPresent() && now.get().phase() == Phase.ROLLBACK) {
                if (settled(now.get())) {
                    reached.completeExceptionally(new RolledBackException(reason(now.get().rcode(), now.get().why())));
                }
            } else if (now.isPresent()) {
                if (until.test(now.get())) {
                    reached.complete(new Seen(now, Optional.empty()));
                }
            } else {
                ended(dcid, endpoint, id, reached);
            }
        } catch (DvsException e) {
            reached.completeExceptionally(e);
        }
    }

    private void ended(int dcid, int endpoint, String id, CompletableFuture<Seen> reached) throws DvsException {
        Optional<Outcome> ended = records.last(dcid, endpoint).filter(each -> each.id().equals(id));
        if (ended.isPresent()) {
            reached.complete(new Seen(Optional.empty(), ended));
        } else {
            reached.completeExceptionally(new DvsException(ErrorCode.DCNOTRUN, "DC " + dcid + " has ended meanwhile"));
        }
    }

    /** Whether all nodes that are there have done the last step. */
    private boolean settled(Migration now) {
        try {
            View here = view.get();
            return (now.phase() == Phase.COMMIT || now.phase() == Phase.ROLLBACK)
                    && waiting(now, DvsSnapshot.read(state)).stream().noneMatch(here::contains);
        } catch (DvsException e) {
            return false;
        }
    }

    private List<Integer> waiting(Migration now, DvsSnapshot dvs) throws DvsException {
        Set<Integer> members = dcs.get(now.dcid()).<Set<Integer>>map(DcRecord::nodes).orElse(Set.of());
        return MigrationRules.waiting(now, records.votes(now), new Situation(members, Set.of(), false, false, dvs::name));
    }

    private static void close(AutoCloseable watch) throws DvsException {
        try {
            watch.close();
        } catch (Exception e) {
            throw new DvsException(ErrorCode.GENERIC, "a watch of the agreed state did not end", e);
        }
    }

    private static void check(Outcome outcome) throws DvsException {
        if (!outcome.moved()) {
            throw reason(outcome.rcode(), outcome.why());
        }
    }

    private static DvsException reason(int rcode, String why) {
        return rcode == 0 ? new DvsException(ErrorCode.INTR, "it was rolled back, as was asked for")
                : new DvsException(ErrorCode.ofRcode(rcode).orElse(ErrorCode.GENERIC), "it was rolled back: " + why);
    }

    @Override
    public List<MigrationInfo> all() throws DvsException {
        DvsSnapshot dvs = DvsSnapshot.read(state);
        List<MigrationInfo> all = new ArrayList<>();
        for (Versioned each : records.all()) {
            Migration now = each.migration();
            all.add(new MigrationInfo(now.dcid(), now.endpoint(), now.phase().word(),
                    now.holder() < 0 ? Optional.empty() : Optional.of(dvs.name(now.holder())), dvs.name(now.target()),
                    waiting(now, dvs).stream().map(dvs::name).toList(), now.why()));
        }
        return all;
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(deadline - nanoTime.getAsLong());
    }
}
