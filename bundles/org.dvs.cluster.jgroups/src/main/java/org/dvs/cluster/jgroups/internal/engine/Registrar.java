package org.dvs.cluster.jgroups.internal.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Standing;
import org.dvs.cluster.api.View;
import org.dvs.cluster.jgroups.internal.agree.Agreement;
import org.dvs.cluster.jgroups.internal.order.Seat;
import org.dvs.cluster.jgroups.internal.transport.Admission;

/** Who belongs to the cluster: the registered nodes, who may join, who votes. Thread-safe. */
final class Registrar implements Admission {
    private final Member local;
    private final AgreedState state;
    private final NodeTable table;
    private final Supplier<View> view;
    private final Supplier<Optional<Agreement>> agreement;

    /** @param agreement empty until the log is open */
    Registrar(Member local, AgreedState state, Supplier<View> view, Supplier<Optional<Agreement>> agreement) {
        this.local = local;
        this.state = state;
        this.view = view;
        this.agreement = agreement;
        table = new NodeTable(state);
    }

    /** Asked on the coordinator. */
    @Override
    public Optional<DvsException> refusal(Seat joiner) {
        int id = joiner.peer().id();
        if (table.expelled(id)) {
            return Optional.of(
                    new DvsException(ErrorCode.NONODE, joiner.name() + " was taken out of the cluster; admit it first"));
        }
        return table.row(id).filter(row -> !row.member().name().equals(joiner.name()))
                .map(row -> new DvsException(ErrorCode.NONODE,
                        "node id " + id + " is registered as " + row.member().name() + ", not " + joiner.name()));
    }

    boolean expelled(int id) {
        return table.expelled(id);
    }

    /** Registers this node, unless it is registered like that already. @param address of its cluster port */
    CompletableFuture<?> register(String address) {
        Optional<Change> row = table.registration(local, address);
        return row.isPresent() ? state.commit(row.get()) : CompletableFuture.completedFuture(null);
    }

    List<Standing> nodes() {
        Set<String> voters = new HashSet<>(agreement.get().map(Agreement::voters).orElse(List.of()));
        Optional<String> leader = agreement.get().flatMap(Agreement::leader);
        View now = view.get();
        Map<Integer, NodeTable.Row> rows = new TreeMap<>();
        table.rows().forEach(row -> rows.put(row.member().id(), row));
        now.members().forEach(member -> rows.putIfAbsent(member.id(), new NodeTable.Row(member, "")));
        List<Standing> nodes = new ArrayList<>();
        for (NodeTable.Row row : rows.values()) {
            String name = row.member().name();
            nodes.add(new Standing(row.member(), voters.contains(name) ? Standing.Role.VOTER : Standing.Role.LEARNER,
                    now.contains(row.member().id()), leader.filter(name::equals).isPresent(), row.address()));
        }
        return nodes;
    }

    /** Lifts a ban if there is one, and gives a member of the view its vote. */
    CompletableFuture<Standing> admit(int nodeId) {
        CompletableFuture<?> pardoned = table.expelled(nodeId) ? state.commit(NodeTable.pardon(nodeId))
                : CompletableFuture.completedFuture(null);
        return pardoned.thenCompose(done -> vote(nodeId))
                .thenApply(done -> nodes().stream().filter(node -> node.member().id() == nodeId).findFirst().orElseThrow());
    }

    private CompletableFuture<Void> vote(int nodeId) {
        Optional<Agreement> now = agreement.get();
        Optional<Member> member = view.get().member(nodeId);
        if (now.isEmpty()) {
            return notReady();
        }
        return member.isPresent() ? now.get().admit(member.get().name())
                : CompletableFuture.failedFuture(new DvsException(ErrorCode.BADNODEID,
                        "node id " + nodeId + " is not in the view; start that node, then admit it"));
    }

    /** Takes the vote first: were the ban first, a majority could be missing for the rest. */
    CompletableFuture<Void> expel(int nodeId) {
        Optional<Agreement> now = agreement.get();
        if (now.isEmpty()) {
            return notReady();
        }
        Optional<Member> member = nodes().stream().map(Standing::member).filter(known -> known.id() == nodeId).findFirst();
        if (member.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new DvsException(ErrorCode.BADNODEID, "node id " + nodeId + " is not registered"));
        }
        String name = member.get().name();
        CompletableFuture<Void> voteless = now.get().voters().contains(name) ? now.get().expel(name)
                : CompletableFuture.completedFuture(null);
        return voteless.thenCompose(done -> state.commit(NodeTable.expulsion(member.get()))).thenApply(version -> null);
    }

    private <T> CompletableFuture<T> notReady() {
        return CompletableFuture.failedFuture(
                new DvsException(ErrorCode.NOTREADY, local.name() + " has not joined the cluster yet"));
    }
}
