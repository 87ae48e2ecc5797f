package org.dvs.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Standing;
import org.dvs.cluster.api.View;

/**
 * Many nodes in one thread, from a seed: the same seed gives the same run.
 *
 * <p><b>Model.</b> Nodes that can reach each other form one view. Its coordinator puts multicasts in order after a random delay
 * for each sender, so that messages of different senders overtake each other and those of one sender do not; each member delivers
 * them after random delays of its own. Direct messages are in order for each pair and overtake multicasts. What a crashed
 * node sent last may be lost. Between one view and the next all members that go together deliver the same messages;
 * what the others of a partition have seen beyond that is up to the seed. Views change {@link Network#detection} after the fault.
 * <p><b>Agreed state.</b> One sequence of changes for all, extended only through nodes whose view holds a majority of the
 * voters; each node applies it after delays of its own.
 * <p>Used by one thread.
 */
public final class SimulatedCluster {

    /**
     * How the network behaves.
     *
     * @param minDelay  least time of one hop
     * @param maxDelay  greatest
     * @param detection from a fault to the new view at the latest
     */
    public record Network(Duration minDelay, Duration maxDelay, Duration detection) {
        /** Between 20 µs and 2 ms for a hop, 50 ms to notice a fault. */
        public static final Network DEFAULT = new Network(Duration.ofNanos(20_000), Duration.ofMillis(2), Duration.ofMillis(50));
    }

    final Random random;
    final Replica truth = new Replica();
    final List<Change> agreed = new ArrayList<>();

    private record Pair(SimulatedNode from, SimulatedNode to) {
    }

    private final SimulatedTime time;
    private final Network network;
    private final Map<Integer, SimulatedNode> nodes = new TreeMap<>();
    private final Map<Integer, Integer> sides = new HashMap<>();
    private final Map<Integer, Member> registered = new TreeMap<>();
    private final Set<Integer> voters = new TreeSet<>();
    private final Map<Pair, Link> links = new LinkedHashMap<>();
    private long views;

    /** Nodes 0 to {@code size - 1} as {@code node0} … in one view that none of them has heard of yet, all of them voters. */
    public SimulatedCluster(long seed, int size) {
        this(seed, size, Network.DEFAULT, new SimulatedTime());
    }

    public SimulatedCluster(long seed, int size, Network network, SimulatedTime time) {
        this.random = new Random(seed);
        this.network = network;
        this.time = time;
        IntStream.range(0, size).forEach(id -> {
            create(id);
            voters.add(id);
        });
        settle(0);
    }

    public SimulatedTime time() {
        return time;
    }

    /** The node with this id, or the last that had it. */
    public SimulatedNode node(int id) {
        return nodes.get(id);
    }

    /** Those that run, by id. */
    public List<SimulatedNode> alive() {
        return nodes.values().stream().filter(SimulatedNode::alive).toList();
    }

    private SimulatedNode create(int id) {
        Member member = new Member(id, "node" + id);
        SimulatedNode node = new SimulatedNode(this, member, random.nextLong() | 1);
        nodes.put(id, node);
        sides.put(id, 0);
        registered.putIfAbsent(id, member);
        return node;
    }

    /** Starts a node, new or once more; it joins those on its side of the network soon after. */
    public SimulatedNode start(int id) {
        if (nodes.containsKey(id) && nodes.get(id).alive()) {
            throw new IllegalStateException("node" + id + " runs");
        }
        int side = sides.getOrDefault(id, 0);
        SimulatedNode node = create(id);
        sides.put(id, side);
        time.after(hop(), () -> settle(sides.get(id)));
        return node;
    }

    /** Ends a node as kill -9 does. */
    public void crash(int id) {
        SimulatedNode node = nodes.get(id);
        boolean connected = !node.unordered.isEmpty() && reachesCoordinator(node);
        int sent = connected ? random.nextInt(node.unordered.size() + 1) : 0;
        IntStream.range(0, sent).forEach(i -> order(node));
        node.stop(time.nanoTime() + random.nextLong(network.maxDelay().toNanos() + 1));
        notice(sides.get(id));
    }

    /** A node goes in good order: everything it sent still arrives. */
    public void leave(int id) {
        SimulatedNode node = nodes.get(id);
        while (!node.unordered.isEmpty() && reachesCoordinator(node)) {
            order(node);
        }
        node.stop(Long.MAX_VALUE);
        settle(sides.get(id));
    }

    /** The node does nothing and hears nothing until {@link #resume}; the others do not notice by themselves. */
    public void pause(int id) {
        nodes.get(id).paused = true;
    }

    public void resume(int id) {
        nodes.get(id).resume();
    }

    /** Cuts the network into these sides; a node that is in none of them is alone. */
    public void partition(List<Set<Integer>> groups) {
        int next = 1;
        for (int id : nodes.keySet()) {
            sides.put(id, -1 - id);
        }
        for (Set<Integer> group : groups) {
            for (int id : group) {
                sides.put(id, next);
            }
            next++;
        }
        for (SimulatedNode node : alive()) {
            Epoch.Stage last = node.last();
            if (last != null && !sameSide(node, last.epoch.coordinator())) {
                last.upTo = last.reachable();
            }
        }
        new TreeSet<>(sides.values()).forEach(this::notice);
    }

    /** Mends the network. */
    public void heal() {
        sides.replaceAll((id, side) -> 0);
        notice(0);
    }

    private void notice(int side) {
        time.after(random.nextLong(network.detection().toNanos() + 1), () -> settle(side));
    }

    boolean sameSide(SimulatedNode a, SimulatedNode b) {
        return sides.get(a.local().id()).equals(sides.get(b.local().id()));
    }

    boolean reachesCoordinator(SimulatedNode node) {
        SimulatedNode coordinator = node.last().epoch.coordinator();
        return coordinator.alive() && !coordinator.paused && sameSide(node, coordinator)
                && coordinator.last().epoch == node.last().epoch;
    }

    /** Forms a new view on this side of the network if the one that is there does not fit any more. */
    private void settle(int side) {
        List<SimulatedNode> members = alive().stream().filter(node -> sides.get(node.local().id()) == side).toList();
        if (members.isEmpty()) {
            return;
        }
        Epoch common = members.get(0).last() == null ? null : members.get(0).last().epoch;
        boolean fits = common != null && common.members.equals(Set.copyOf(members))
                && members.stream().allMatch(node -> node.last().epoch == common && node.last().upTo == Integer.MAX_VALUE);
        if (fits) {
            links.values().forEach(Link::release);
        } else {
            form(members);
        }
    }

    private void form(List<SimulatedNode> members) {
        Set<SimulatedNode> set = new HashSet<>(members);
        links.values().forEach(link -> link.viewChanges(set));
        long voting = members.stream().filter(node -> voters.contains(node.local().id())).count();
        Epoch next = new Epoch(new View(++views, members.stream().map(SimulatedNode::local).toList(),
                members.stream().mapToInt(node -> node.local().id()).min().orElseThrow(), voting * 2 > voters.size()), set);
        Map<Epoch, List<SimulatedNode>> origins = new LinkedHashMap<>();
        members.stream().filter(node -> node.last() != null)
                .forEach(node -> origins.computeIfAbsent(node.last().epoch, epoch -> new ArrayList<>()).add(node));
        origins.forEach((old, together) -> {
            int least = together.stream().mapToInt(node -> node.last().delivered).max().orElseThrow();
            int most = together.stream().mapToInt(node -> node.last().reachable()).max().orElseThrow();
            int cut = least + random.nextInt(most - least + 1);
            together.forEach(node -> node.last().upTo = cut);
            // Who goes on sends again what did not make it; what the others sent is lost on this side.
            old.log.subList(cut, most).stream().filter(message -> together.contains(message.sender())).forEach(next.log::add);
        });
        members.forEach(node -> {
            node.stages.addLast(new Epoch.Stage(next));
            node.pump();
        });
        links.values().forEach(Link::release);
    }

    /** Delay of one hop. */
    long hop() {
        return random.nextLong(network.minDelay().toNanos(), network.maxDelay().toNanos() + 1);
    }

    /** The sender's oldest message reaches its coordinator and gets its place. */
    void order(SimulatedNode sender) {
        Epoch.Message message = sender.unordered.poll();
        Epoch epoch = sender.last().epoch;
        epoch.log.add(message);
        epoch.members.stream().sorted(Comparator.comparing(SimulatedNode::local)).forEach(SimulatedNode::pump);
    }

    Link link(SimulatedNode from, SimulatedNode to) {
        return links.computeIfAbsent(new Pair(from, to), pair -> new Link(this, from, to));
    }

    List<Standing> standings(View view) {
        return registered.values().stream().map(member -> new Standing(member,
                voters.contains(member.id()) ? Standing.Role.VOTER : Standing.Role.LEARNER, view.contains(member.id()),
                view.primary() && view.coordinator() == member.id(), "")).toList();
    }

    boolean isRegistered(int id) {
        return registered.containsKey(id);
    }

    boolean isLastVoter(int id) {
        return voters.equals(Set.of(id));
    }

    void vote(int id) {
        voters.add(id);
    }

    void unregister(int id) {
        voters.remove(id);
        registered.remove(id);
    }

    /**
     * Puts a change behind all others and lets the nodes of this view apply it.
     *
     * @return how many changes there are now
     */
    int agree(Change change, Epoch epoch) throws DvsException {
        truth.checkConditions(change);
        truth.apply(change);
        agreed.add(change);
        epoch.members.stream().sorted(Comparator.comparing(SimulatedNode::local))
                .filter(node -> node.alive() && node.last().epoch == epoch).forEach(SimulatedNode::catchUp);
        return agreed.size();
    }

    /** Entries as all nodes will see them in the end. */
    public Map<String, AgreedState.Entry> agreedEntries() {
        return truth.list("");
    }
}
