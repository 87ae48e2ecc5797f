package org.dvs.registry.internal.migration;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.internal.Caretaker;
import org.dvs.registry.internal.DvsSnapshot;
import org.dvs.registry.internal.dc.DcRecord;
import org.dvs.registry.internal.dc.DcRecords;
import org.dvs.registry.internal.migration.MigrationRecords.Versioned;
import org.dvs.registry.internal.migration.MigrationRules.Decision;
import org.dvs.registry.internal.migration.MigrationRules.Situation;

/**
 * The chore of carrying migrations on: does this node's part of each and tells the others; and on the node that drives, decides
 * what follows. The node with the lowest id drives, and each node what its own registry began before it was replaced.
 *
 * <p>Waits for nothing: what it proposes comes back as a change of the agreed state. {@link #run} is called by one thread.
 */
final class MigrationCare implements Caretaker.Chore {
    /** A process that runs comes to rest with its next call; nobody tells when. */
    private static final Duration REST = Duration.ofMillis(50);
    /** What could not be agreed is proposed again. */
    private static final Duration AGAIN = Duration.ofSeconds(1);
    /** A kernel that comes hears of a process that has moved if it is ready by then, counted from when the registry heard. */
    private static final Duration HEARS = Duration.ofSeconds(30);

    private final AgreedState state;
    private final MigrationRecords records;
    private final DcRecords dcs;
    private final Member local;
    private final Supplier<View> view;
    private final Supplier<Optional<Kernel>> kernel;
    private final long session;
    private final LongSupplier nanoTime;
    private final Consumer<Duration> later;
    private final MigrationPart part;
    /** When each migration that this registry began is late. */
    private final Map<String, Long> deadlines = new HashMap<>();
    /** When this node's kernel is waited for no longer to hear of each that is committed. */
    private final Map<String, Long> hearing = new HashMap<>();

    /** What is true in one run. */
    private record Now(DvsSnapshot dvs, Map<Integer, DcRecord> dcs, Set<Integer> present, boolean drives) {
    }

    /**
     * @param kernel   this node's, while it runs
     * @param session  tells this start of the registry from others
     * @param nanoTime monotonic clock
     * @param later    has this run again after a while
     */
    MigrationCare(AgreedState state, Member local, Supplier<View> view, Supplier<Optional<Kernel>> kernel, long session,
            LongSupplier nanoTime, Consumer<Duration> later) {
        this.state = state;
        this.records = new MigrationRecords(state);
        this.dcs = new DcRecords(state);
        this.local = local;
        this.view = view;
        this.kernel = kernel;
        this.session = session;
        this.nanoTime = nanoTime;
        this.later = later;
        this.part = new MigrationPart(local.id());
    }

    @Override
    public void run() throws DvsException {
        List<Versioned> all = records.all();
        Now now = now();
        Set<String> keys = all.stream().map(each -> each.migration().key()).collect(Collectors.toSet());
        part.keep(keys);
        deadlines.keySet().retainAll(keys);
        hearing.keySet().retainAll(keys);
        DvsException first = null;
        for (Versioned each : all) {
            try {
                carryOn(each, now);
            } catch (DvsException e) {
                first = first == null ? new DvsException(e.code(), each.migration().shown() + ": " + e.getMessage(), e) : first;
            }
        }
        if (now.drives()) {
            records.forget(now.dcs().keySet()).ifPresent(this::propose);
        }
        if (first != null) {
            throw first;
        }
    }

    private Now now() throws DvsException {
        DvsSnapshot dvs = DvsSnapshot.read(state);
        View here = view.get();
        Set<Integer> present = here.members().stream().map(Member::id).filter(dvs::on).collect(Collectors.toSet());
        boolean lowest = present.stream().min(Integer::compare).equals(Optional.of(local.id()));
        return new Now(dvs, dcs.all(), present, here.primary() && lowest);
    }

    private void carryOn(Versioned on, Now now) throws DvsException {
        Migration migration = on.migration();
        // In this order: a vote that comes between the two is seen.
        long takenVersion = records.voteVersion(migration, migration.target());
        SortedMap<Integer, Vote> votes = records.votes(migration);
        boolean own = migration.coordinator() == local.id();
        boolean stale = own && migration.session() != session;
        boolean late = own && !stale && late(migration);
        if (now.drives() || stale || late) {
            DcRecord dc = now.dcs().get(migration.dcid());
            boolean gone = stale || !now.present().contains(migration.coordinator());
            Situation situation = new Situation(dc == null ? Set.of() : dc.nodes(), now.present(), gone, late, now.dvs()::name);
            Optional<Decision> decision = MigrationRules.decide(migration, votes, situation);
            if (decision.isPresent()) {
                proceed(on, decision.get(), takenVersion);
            }
        }
        if (migration.participants().contains(local.id())) {
            takePart(on, votes, now);
        }
    }

    private boolean late(Migration migration) {
        long time = nanoTime.getAsLong();
        long limit = Duration.ofMillis(migration.keepMs()).toNanos();
        Long before = deadlines.putIfAbsent(migration.key(), time + limit);
        if (before == null) {
            later.accept(Duration.ofNanos(limit));
            return false;
        }
        return time - before >= 0;
    }

    /** @param takenVersion of the new node's vote: that may be saying just now that it has taken over */
    private void proceed(Versioned on, Decision decision, long takenVersion) {
        Migration migration = on.migration();
        Change change = decision.next().isPresent() ? records.replace(on, decision.next().get())
                : records.end(on, migration.phase() == Phase.COMMIT);
        if (migration.phase() == Phase.TAKE) {
            records.expectVote(change, migration, migration.target(), takenVersion);
        }
        propose(change);
    }

    private void takePart(Versioned on, SortedMap<Integer, Vote> votes, Now now) throws DvsException {
        Migration migration = on.migration();
        Vote said = votes.get(local.id());
        if (said != null && said.phase() == migration.phase()) {
            return;
        }
        Optional<Vote> vote = part.act(migration, kernel.get(), waits(migration, now));
        if (vote.isPresent()) {
            propose(records.vote(on, local.id(), vote.get()));
        } else if (migration.phase() == Phase.START || migration.phase() == Phase.COMMIT) {
            later.accept(REST);
        }
    }

    /** Whether this node's kernel, if it is just starting, can be expected to hear where the process is. */
    private boolean waits(Migration migration, Now now) {
        if (migration.phase() != Phase.COMMIT || !now.present().contains(migration.target())) {
            return false;
        }
        long time = nanoTime.getAsLong();
        return time - hearing.computeIfAbsent(migration.key(), key -> time + HEARS.toNanos()) < 0;
    }

    /** What conflicts was decided on an older reading: the newer one is on its way, and has this run again. */
    private void propose(Change change) {
        state.commit(change).whenComplete((version, why) -> {
            if (why instanceof DvsException e && e.code() != ErrorCode.CONFLICT) {
                later.accept(AGAIN);
            }
        });
    }
}
