package org.dvs.registry.internal.kernel;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.internal.Caretaker;
import org.dvs.registry.internal.Hearing;

/**
 * The chore of keeping this node's kernel in line with what is agreed, once this node has heard that: a kernel must not end a DC
 * because this node's own log lacks it.
 *
 * <p>{@link #run} is called by one thread, the other methods by any.
 */
final class KernelCare implements Caretaker.Chore {
    private final Cluster cluster;
    private final Member local;
    private final Supplier<Optional<Kernel>> kernel;
    private final Hearing hearing;
    private final Alignment alignment = new Alignment();
    /** Whose processes are gone, since they were looked at last. Guards {@link #away} too. */
    private final Set<Integer> lost = new HashSet<>();
    /** Who is silent, and may be as it was when it is heard again. */
    private final Set<Integer> away = new HashSet<>();

    /** @param kernel this node's, while it runs */
    KernelCare(Cluster cluster, Member local, Supplier<Optional<Kernel>> kernel) {
        this.cluster = cluster;
        this.local = local;
        this.kernel = kernel;
        this.hearing = new Hearing(cluster.state());
    }

    /**
     * Remembers who went. What is known of the processes of a node that is only silent stays, since it may be heard again with all
     * of them; until then calls to them get NOTCONN. Of a node that left, or is back as another one, nothing stays.
     */
    void happened(ViewEvent event) {
        synchronized (lost) {
            for (Member member : event.changed()) {
                boolean silent = event.kind() == ViewEvent.Kind.PARTITION;
                boolean was = silent ? !away.add(member.id()) : away.remove(member.id());
                if (event.kind() == ViewEvent.Kind.DISCONNECT || event.kind() == ViewEvent.Kind.JOIN && was) {
                    lost.add(member.id());
                }
            }
        }
    }

    @Override
    public void run() throws DvsException {
        hearing.once();
        Optional<Kernel> there = kernel.get();
        if (there.isPresent()) {
            Set<Integer> registered = cluster.nodes().stream().map(node -> node.member().id()).collect(Collectors.toSet());
            Set<Integer> gone = takeLost();
            Set<Integer> silent = silent(registered);
            // Read after that: who is lost from now on is not in the view, or is lost once more.
            check(alignment.align(there.get(), Wanted.read(cluster.state(), local, cluster.view(), registered, silent),
                    gone));
        }
    }

    private Set<Integer> takeLost() {
        synchronized (lost) {
            Set<Integer> taken = Set.copyOf(lost);
            lost.clear();
            return taken;
        }
    }

    private Set<Integer> silent(Set<Integer> registered) {
        synchronized (lost) {
            away.retainAll(registered);
            return Set.copyOf(away);
        }
    }

    private static void check(List<Alignment.Refusal> refusals) throws DvsException {
        if (!refusals.isEmpty()) {
            Alignment.Refusal first = refusals.get(0);
            String more = refusals.size() == 1 ? "" : " (and " + (refusals.size() - 1) + " more)";
            throw new DvsException(first.why().code(), "this node's kernel is not as agreed: " + first.what() + ": "
                    + first.why().getMessage() + more, first.why());
        }
    }
}
