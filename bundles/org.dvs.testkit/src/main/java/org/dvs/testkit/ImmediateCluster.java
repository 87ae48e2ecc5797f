package org.dvs.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

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

/**
 * A cluster of one where everything happens at once: what is sent is delivered, and what is committed is applied, before the
 * call returns, on the caller's thread, also while other threads call; only what is sent from within a delivery comes after it.
 * Other members can be said to be there ({@link #members}): multicasts do not reach them, direct messages to them end up in
 * {@link #sent}, and {@link #arrives} plays what they say. Thread-safe.
 */
public final class ImmediateCluster implements Cluster {

    /** A direct message to a member that is only said to be there. */
    public record Sent(String channel, int to, byte[] payload) {
    }

    /** Where the engine keeps who must not join; holds the name. */
    private static final String EXPELLED = "cluster/expelled/";

    private final Member local;
    private final Map<String, Receiver> receivers = new ConcurrentHashMap<>();
    private final Map<Integer, Standing.Role> registered = new ConcurrentSkipListMap<>();
    private final Map<Integer, Member> known = new ConcurrentSkipListMap<>();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final Unopened unopened = new Unopened();
    private final SerialRunner deliveries = new SerialRunner();
    private final CompletableFuture<View> joined = new CompletableFuture<>();
    private final State state = new State();
    private volatile View view;
    private volatile boolean ready;

    /** node0, joined. */
    public ImmediateCluster() {
        this(new Member(0, "node0"), true);
    }

    /** @param ready false for a node that has not joined yet: {@link #members} lets it join */
    public ImmediateCluster(Member local, boolean ready) {
        this.local = local;
        this.ready = ready;
        view = new View(1, List.of(local), local.id(), ready);
        registered.put(local.id(), Standing.Role.VOTER);
        known.put(local.id(), local);
        if (ready) {
            joined.complete(view);
        }
    }

    /**
     * Installs a view of these members and this node; all of them become registered voters.
     *
     * @param primary true if it holds a majority
     */
    public View members(boolean primary, Member... others) {
        List<Member> members = Stream.concat(Stream.of(local), Arrays.stream(others)).distinct().toList();
        members.forEach(member -> {
            known.put(member.id(), member);
            registered.putIfAbsent(member.id(), Standing.Role.VOTER);
        });
        View next = new View(view.id() + 1, members, members.stream().mapToInt(Member::id).min().orElseThrow(), primary);
        deliveries.execute(() -> {
            view = next;
            ready = true;
            receivers.values().forEach(receiver -> receiver.view(next));
        });
        joined.complete(next);
        return next;
    }

    /** Delivers a direct message as if {@code from} had sent it. */
    public void arrives(String channel, int from, byte[] payload) {
        deliver(channel, receiver -> receiver.direct(new Delivery(from, 0, view, payload.clone())));
    }

    /** Delivers a multicast as if {@code from} had sent it. */
    public void multicastArrives(String channel, int from, byte[] payload) {
        deliver(channel, receiver -> receiver.multicast(new Delivery(from, 0, view, payload.clone())));
    }

    /** Direct messages to members that are only said to be there, oldest first. */
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    private void deliver(String channel, Consumer<Receiver> call) {
        deliveries.execute(() -> {
            Receiver receiver = receivers.get(channel);
            if (receiver != null) {
                call.accept(receiver);
            } else {
                unopened.add(channel, call);
            }
        });
    }

    @Override
    public Member local() {
        return local;
    }

    @Override
    public long incarnation() {
        return 1;
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
        return registered.entrySet().stream().map(entry -> {
            Member member = known.get(entry.getKey());
            boolean present = view.contains(member.id());
            return new Standing(member, entry.getValue(), present, present && member.id() == view.coordinator(), "");
        }).toList();
    }

    @Override
    public Channel open(String name, Receiver receiver) throws DvsException {
        if (receivers.putIfAbsent(name, receiver) != null) {
            throw new DvsException(ErrorCode.RSCBUSY, "channel " + name + " is open");
        }
        deliveries.execute(() -> {
            if (ready) {
                receiver.view(view);
                unopened.take(name).forEach(message -> message.accept(receiver));
            }
        });
        return new Channel() {
            @Override
            public void multicast(byte[] payload) throws DvsException {
                check(payload);
                multicastArrives(name, local.id(), payload);
            }

            @Override
            public void send(int nodeId, byte[] payload) throws DvsException {
                check(payload);
                if (nodeId == local.id()) {
                    arrives(name, local.id(), payload);
                } else if (view.contains(nodeId)) {
                    sent.add(new Sent(name, nodeId, payload.clone()));
                } else {
                    throw new DvsException(ErrorCode.DSTNOTRCH, "node " + nodeId + " is not in the view");
                }
            }

            private void check(byte[] payload) throws DvsException {
                if (!ready) {
                    throw new DvsException(ErrorCode.NOTREADY, "not joined yet");
                }
                if (payload.length > MAX_PAYLOAD) {
                    throw new DvsException(ErrorCode.TOOBIG, payload.length + " bytes, at most " + MAX_PAYLOAD);
                }
            }

            @Override
            public void close() {
                receivers.remove(name, receiver);
            }
        };
    }

    @Override
    public AgreedState state() {
        return state;
    }

    @Override
    public CompletableFuture<Standing> admit(int nodeId) {
        String ban = EXPELLED + nodeId;
        return (state.get(ban).isPresent() ? state.commit(new Change().remove(ban)) : CompletableFuture.completedFuture(null))
                .thenCompose(done -> vote(nodeId));
    }

    private CompletableFuture<Standing> vote(int nodeId) {
        Optional<Member> member = view.member(nodeId);
        if (member.isEmpty()) {
            return failed(ErrorCode.BADNODEID, "node " + nodeId + " is not in the view");
        }
        registered.put(nodeId, Standing.Role.VOTER);
        return CompletableFuture.completedFuture(
                new Standing(member.get(), Standing.Role.VOTER, true, nodeId == view.coordinator(), ""));
    }

    @Override
    public CompletableFuture<Void> expel(int nodeId) {
        if (!registered.containsKey(nodeId)) {
            return failed(ErrorCode.BADNODEID, "node " + nodeId + " is not registered");
        }
        if (registered.keySet().equals(Set.of(nodeId))) {
            return failed(ErrorCode.INVAL, "node " + nodeId + " is the last voter");
        }
        byte[] name = known.get(nodeId).name().getBytes(StandardCharsets.UTF_8);
        return state.commit(new Change().put(EXPELLED + nodeId, name)).thenAccept(done -> registered.remove(nodeId));
    }

    private static <T> CompletableFuture<T> failed(ErrorCode code, String detail) {
        return CompletableFuture.failedFuture(new DvsException(code, detail));
    }

    /** Commits at once while the view is primary. */
    private final class State implements AgreedState {
        private final Replica replica = new Replica();

        @Override
        public Optional<Entry> get(String key) {
            return replica.get(key);
        }

        @Override
        public SortedMap<String, Entry> list(String prefix) {
            return new TreeMap<>(replica.list(prefix));
        }

        @Override
        public CompletableFuture<Long> commit(Change change) {
            if (!view.primary()) {
                return failed(ErrorCode.NOTREADY, "no majority");
            }
            try {
                Replica.checkLimits(change);
                long version;
                synchronized (this) {
                    replica.checkConditions(change);
                    version = replica.apply(change);
                }
                return CompletableFuture.completedFuture(version);
            } catch (DvsException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public CompletableFuture<Void> sync() {
            return view.primary() ? CompletableFuture.completedFuture(null) : failed(ErrorCode.NOTREADY, "no majority");
        }

        @Override
        public Duration age() {
            return !joined.isDone() ? NEVER : view.primary() ? Duration.ZERO : Duration.ofSeconds(1);
        }

        @Override
        public AutoCloseable watch(String prefix, Watcher watcher) {
            return replica.watch(prefix, watcher);
        }
    }
}
