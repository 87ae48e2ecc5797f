package org.dvs.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Delivery;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.Standing;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewListener;

/** One start of one node of a {@link SimulatedCluster}: started again after a crash it is another object. One thread. */
public final class SimulatedNode implements Cluster {
    /** Where this node stands and what is still ahead of it; the first is the one it is in. */
    final Deque<Epoch.Stage> stages = new ArrayDeque<>();
    /** Sent, and not yet in the order. */
    final Queue<Epoch.Message> unordered = new ArrayDeque<>();
    boolean paused;

    private record Early(SimulatedNode from, Epoch sentIn, String channel, byte[] payload) {
    }

    private final SimulatedCluster cluster;
    private final Member local;
    private final long incarnation;
    private final Map<String, Receiver> receivers = new LinkedHashMap<>();
    private final Set<String> begun = new HashSet<>();
    private final Unopened unopened = new Unopened();
    private final List<ViewListener> listeners = new ArrayList<>();
    private final Queue<Runnable> backlog = new ArrayDeque<>();
    private final List<Early> early = new ArrayList<>();
    private final Set<Member> parted = new HashSet<>();
    private final CompletableFuture<View> joined = new CompletableFuture<>();
    private final State state = new State();
    private View view;
    private boolean pumping;
    private long orderFree;
    private long silentFrom = Long.MAX_VALUE;
    private boolean alive = true;

    SimulatedNode(SimulatedCluster cluster, Member local, long incarnation) {
        this.cluster = cluster;
        this.local = local;
        this.incarnation = incarnation;
        this.view = new View(0, List.of(local), local.id(), false);
    }

    public boolean alive() {
        return alive;
    }

    /** A timer of this node: it fires late after a pause, and never after a crash. */
    public SimulatedTime.Task after(long delayNanos, Runnable action) {
        SimulatedTime.Task task = new SimulatedTime.Task(action);
        cluster.time().after(delayNanos, () -> run(task::fire));
        return task;
    }

    /** Adds one who hears the events of this node's views. */
    public void listen(ViewListener listener) {
        listeners.add(listener);
    }

    /** Runs what happens to this node: now, after a pause, or never. */
    void run(Runnable action) {
        if (!alive) {
            return;
        }
        if (paused) {
            backlog.add(action);
        } else {
            action.run();
        }
    }

    void resume() {
        paused = false;
        while (!paused && alive && !backlog.isEmpty()) {
            backlog.poll().run();
        }
    }

    /** @param lossFrom time from which on nothing of it arrives any more */
    void stop(long lossFrom) {
        alive = false;
        silentFrom = lossFrom;
        receivers.clear();
        begun.clear();
        backlog.clear();
        unordered.clear();
    }

    long silentFrom() {
        return silentFrom;
    }

    /** The newest epoch that it goes to; null before the first. */
    Epoch.Stage last() {
        return stages.peekLast();
    }

    /** Sees to it that the next step of the order will be made. */
    void pump() {
        if (!pumping && alive && hasStep()) {
            pumping = true;
            cluster.time().after(cluster.hop(), () -> run(() -> {
                pumping = false;
                step();
                pump();
            }));
        }
    }

    private boolean hasStep() {
        Epoch.Stage now = stages.peekFirst();
        return now != null && (!now.installed || now.hasMessage() || stages.size() > 1);
    }

    private void step() {
        Epoch.Stage now = stages.peekFirst();
        if (now.installed && now.hasMessage()) {
            Epoch.Message message = now.epoch.log.get(now.delivered++);
            deliver(message.channel(), message.sender(), message.payload(), Receiver::multicast);
        } else if (now.installed) {
            stages.removeFirst();
            install(stages.peekFirst());
        } else {
            install(now);
        }
    }

    private void install(Epoch.Stage stage) {
        View before = view;
        stage.installed = true;
        view = stage.epoch.view;
        List.copyOf(receivers.values()).forEach(receiver -> receiver.view(view));
        tell(before, view);
        for (Iterator<Early> waiting = early.iterator(); waiting.hasNext();) {
            Early message = waiting.next();
            if (message.sentIn.view.id() <= view.id()) {
                waiting.remove();
                direct(message);
            }
        }
        if (view.primary()) {
            joined.complete(view);
            catchUp();
        }
    }

    private void tell(View before, View after) {
        List<Member> gone = before.members().stream().filter(member -> !after.contains(member.id())).toList();
        List<Member> came = after.members().stream().filter(member -> !before.contains(member.id())).toList();
        List<Member> cutOff = gone.stream().filter(member -> cluster.node(member.id()).alive()).toList();
        List<Member> back = came.stream().filter(parted::contains).toList();
        event(ViewEvent.Kind.DISCONNECT, before, after, gone.stream().filter(member -> !cutOff.contains(member)).toList());
        event(ViewEvent.Kind.PARTITION, before, after, cutOff);
        event(ViewEvent.Kind.JOIN, before, after, came.stream().filter(member -> !back.contains(member)).toList());
        event(ViewEvent.Kind.MERGE, before, after, back);
        parted.addAll(cutOff);
        parted.removeAll(came);
    }

    private void event(ViewEvent.Kind kind, View before, View after, List<Member> changed) {
        if (!changed.isEmpty()) {
            listeners.forEach(listener -> listener.happened(new ViewEvent(kind, before, after, changed)));
        }
    }

    void directArrives(SimulatedNode from, Epoch sentIn, String channel, byte[] payload) {
        if (!sentIn.members.contains(this)) {
            return;
        }
        Early message = new Early(from, sentIn, channel, payload);
        if (sentIn.view.id() > view.id()) {
            early.add(message);
        } else {
            direct(message);
        }
    }

    private void direct(Early message) {
        if (stages.peekFirst().epoch.members.contains(message.from())) {
            deliver(message.channel(), message.from(), message.payload(), Receiver::direct);
        }
    }

    private void deliver(String channel, SimulatedNode from, byte[] payload, BiConsumer<Receiver, Delivery> way) {
        long since = cluster.time().nanoTime();
        View then = view;
        unopened.add(channel, receiver -> way.accept(receiver, new Delivery(from.local.id(), 0, then, payload.clone(),
                (cluster.time().nanoTime() - since) / 1_000_000)));
        if (begun.contains(channel)) {
            begin(channel);
        }
    }

    private void begin(String channel) {
        begun.add(channel);
        Receiver receiver = receivers.get(channel);
        unopened.take(channel).forEach(message -> message.accept(receiver));
    }

    @Override
    public Member local() {
        return local;
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public View view() {
        return view;
    }

    @Override
    public CompletableFuture<View> joined() {
        return joined.copy();
    }

    @Override
    public List<Standing> nodes() {
        return cluster.standings(view);
    }

    @Override
    public Channel open(String name, Receiver receiver) throws DvsException {
        if (receivers.putIfAbsent(name, receiver) != null) {
            throw new DvsException(ErrorCode.RSCBUSY, "channel " + name + " is open");
        }
        if (view.id() > 0) {
            cluster.time().after(0, () -> run(() -> {
                if (receivers.get(name) == receiver) {
                    receiver.view(view);
                    begin(name);
                }
            }));
        } else {
            begin(name);
        }
        return new NodeChannel(name, receiver);
    }

    @Override
    public AgreedState state() {
        return state;
    }

    @Override
    public CompletableFuture<Standing> admit(int nodeId) {
        CompletableFuture<Standing> future = new CompletableFuture<>();
        after(cluster.hop(), () -> {
            Optional<Member> member = view.member(nodeId);
            if (member.isEmpty()) {
                future.completeExceptionally(new DvsException(ErrorCode.BADNODEID, "node " + nodeId + " is not in the view"));
            } else if (!view.primary()) {
                future.completeExceptionally(new DvsException(ErrorCode.NOTREADY, "no majority"));
            } else {
                cluster.vote(nodeId);
                future.complete(new Standing(member.get(), Standing.Role.VOTER, true, view.coordinator() == nodeId, ""));
            }
        });
        return future;
    }

    @Override
    public CompletableFuture<Void> expel(int nodeId) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        after(cluster.hop(), () -> {
            if (!cluster.isRegistered(nodeId)) {
                future.completeExceptionally(new DvsException(ErrorCode.BADNODEID, "node " + nodeId + " is not registered"));
            } else if (!view.primary()) {
                future.completeExceptionally(new DvsException(ErrorCode.NOTREADY, "no majority"));
            } else if (cluster.isLastVoter(nodeId)) {
                future.completeExceptionally(new DvsException(ErrorCode.INVAL, "node " + nodeId + " is the last voter"));
            } else {
                cluster.unregister(nodeId);
                future.complete(null);
            }
        });
        return future;
    }

    void catchUp() {
        state.applyNext();
    }

    private final class NodeChannel implements Channel {
        private final String name;
        private final Receiver receiver;

        NodeChannel(String name, Receiver receiver) {
            this.name = name;
            this.receiver = receiver;
        }

        @Override
        public void multicast(byte[] payload) throws DvsException {
            check(payload);
            unordered.add(new Epoch.Message(SimulatedNode.this, name, payload.clone()));
            long now = cluster.time().nanoTime();
            orderFree = Math.max(orderFree, now + cluster.hop());
            cluster.time().after(orderFree - now, this::reachCoordinator);
        }

        private void reachCoordinator() {
            if (!alive || unordered.isEmpty()) {
                return;
            }
            if (cluster.reachesCoordinator(SimulatedNode.this)) {
                cluster.order(SimulatedNode.this);
            } else {
                cluster.time().after(cluster.hop(), this::reachCoordinator);
            }
        }

        @Override
        public void send(int nodeId, byte[] payload) throws DvsException {
            check(payload);
            Epoch now = stages.peekFirst().epoch;
            SimulatedNode to = now.members.stream().filter(node -> node.local.id() == nodeId).findFirst()
                    .orElseThrow(() -> new DvsException(ErrorCode.DSTNOTRCH, "node " + nodeId + " is not in the view"));
            cluster.link(SimulatedNode.this, to).send(now, name, payload.clone());
        }

        private void check(byte[] payload) throws DvsException {
            if (view.id() == 0 || !alive) {
                throw new DvsException(ErrorCode.NOTREADY, "not joined");
            }
            if (payload.length > MAX_PAYLOAD) {
                throw new DvsException(ErrorCode.TOOBIG, payload.length + " bytes, at most " + MAX_PAYLOAD);
            }
        }

        @Override
        public void close() {
            if (receivers.remove(name, receiver)) {
                begun.remove(name);
            }
        }
    }

    /** This node's copy, and its way to have something agreed. */
    private final class State implements AgreedState {
        private record Waiting(int position, Runnable then) {
        }

        private final Replica replica = new Replica();
        private final List<Waiting> waiting = new ArrayList<>();
        private int applied;
        private boolean applying;
        private long upToDateAt;

        @Override
        public Optional<Entry> get(String key) {
            return replica.get(key);
        }

        @Override
        public SortedMap<String, Entry> list(String prefix) {
            return replica.list(prefix);
        }

        @Override
        public CompletableFuture<Long> commit(Change change) {
            CompletableFuture<Long> future = new CompletableFuture<>();
            try {
                Replica.checkLimits(change);
            } catch (DvsException e) {
                return CompletableFuture.failedFuture(e);
            }
            propose(future, epoch -> {
                int position = cluster.agree(change, epoch);
                whenApplied(position, () -> future.complete((long) position));
            });
            return future;
        }

        @Override
        public CompletableFuture<Void> sync() {
            CompletableFuture<Void> future = new CompletableFuture<>();
            propose(future, epoch -> whenApplied(cluster.agreed.size(), () -> future.complete(null)));
            return future;
        }

        private interface Decision {
            void take(Epoch epoch) throws DvsException;
        }

        private void propose(CompletableFuture<?> future, Decision decision) {
            if (!view.primary()) {
                future.completeExceptionally(new DvsException(ErrorCode.NOTREADY, "no majority"));
                return;
            }
            cluster.time().after(cluster.hop(), () -> run(() -> {
                Epoch epoch = last().epoch;
                if (!epoch.view.primary() || !cluster.reachesCoordinator(SimulatedNode.this)) {
                    future.completeExceptionally(new DvsException(ErrorCode.UNKNOWNOUTCOME, "the majority was lost"));
                    return;
                }
                try {
                    decision.take(epoch);
                } catch (DvsException e) {
                    future.completeExceptionally(e);
                }
            }));
        }

        private void whenApplied(int position, Runnable then) {
            waiting.add(new Waiting(position, then));
            applyNext();
        }

        /** One change after another, each after a delay, as long as this node is on the side that agrees. */
        void applyNext() {
            if (applying) {
                return;
            }
            applying = true;
            after(cluster.hop(), () -> {
                applying = false;
                boolean connected = last() != null && last().epoch.view.primary();
                if (connected && applied < cluster.agreed.size()) {
                    replica.apply(cluster.agreed.get(applied++));
                }
                if (connected && applied == cluster.agreed.size()) {
                    upToDateAt = cluster.time().nanoTime();
                }
                List<Waiting> due = waiting.stream().filter(each -> each.position() <= applied).toList();
                waiting.removeAll(due);
                due.forEach(each -> each.then().run());
                if (connected && applied < cluster.agreed.size()) {
                    applyNext();
                }
            });
        }

        @Override
        public Duration age() {
            boolean upToDate = view.primary() && applied == cluster.agreed.size();
            return upToDate ? Duration.ZERO : Duration.ofNanos(cluster.time().nanoTime() - upToDateAt);
        }

        @Override
        public AutoCloseable watch(String prefix, Watcher watcher) {
            return replica.watch(prefix, watcher);
        }
    }
}
