package org.dvs.cluster.jgroups.internal.engine;

import java.io.IOException;
import java.net.BindException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.Identity;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.Standing;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewListener;
import org.dvs.cluster.jgroups.internal.agree.Agreement;
import org.dvs.cluster.jgroups.internal.agree.AgreementOptions;
import org.dvs.cluster.jgroups.internal.order.Mark;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.transport.Doorkeeper;
import org.dvs.cluster.jgroups.internal.transport.FoundingRule;
import org.dvs.cluster.jgroups.internal.transport.LinkListener;
import org.dvs.cluster.jgroups.internal.transport.NodeIdentity;
import org.dvs.cluster.jgroups.internal.transport.SeedSearch;
import org.dvs.cluster.jgroups.internal.view.CauseBook;
import org.dvs.cluster.jgroups.internal.view.EventPump;
import org.jgroups.stack.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's engine: joins on a thread of its own, keeps the agreed log, and stops for good when the log fails.
 *
 * <p><b>A node that is refused</b> goes on trying, with pauses up to 5 s: what stands in the way may be the node's own former
 * run, or an administrator's decision that changes. After {@code joinTimeoutMs} it says so: {@link #joined()} fails, and the log
 * has one error with the reason. A node that finds nobody and may not found a cluster just waits.
 */
public final class Engine implements Cluster, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final String GROUP = "meta";
    private static final int TICK_MS = 20;
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final long CLOSE_WITHIN_MS = 4_500;
    private static final long STARTER_WITHIN_MS = 2_000;

    private final Settings settings;
    private final Identity identity;
    private final UnaryOperator<List<Protocol>> change;
    private final SecureRandom random = new SecureRandom();
    private final long incarnation = random.nextLong() | 1;
    private final Member local;
    private final CauseBook causes = new CauseBook();
    private final EventPump events = new EventPump();
    private final StateFront state = new StateFront();
    private final RefusalLog refusals = new RefusalLog(System::nanoTime);
    private final GroupLink link = new GroupLink(causes);
    private final Exchange exchange;
    private final Registrar registrar;
    private final CompletableFuture<View> joined = new CompletableFuture<>();
    private final CompletableFuture<Void> firstView = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ScheduledExecutorService ticker;
    private final Thread starter;
    private volatile Stack stack;
    private volatile Agreement agreement;
    private volatile boolean stopped;

    /** @param cut this node's cut number, carried by each message */
    public Engine(Settings settings, Identity identity, LongSupplier cut) {
        this(settings, identity, cut, UnaryOperator.identity());
    }

    Engine(Settings settings, Identity identity, LongSupplier cut, UnaryOperator<List<Protocol>> change) {
        this.settings = settings;
        this.identity = identity;
        this.change = change;
        local = new Member(identity.nodeId(), identity.nodeName());
        exchange = new Exchange(local, new Exchange.Base(link, this::majority, cut, this::happened,
                settings.queueMessages(), settings.queueBytes(), System::nanoTime));
        registrar = new Registrar(local, state, this::view, () -> Optional.ofNullable(agreement));
        ticker = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "dvs-cluster-tick-1"));
        starter = daemon(this::join, "dvs-cluster-start-1");
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Begins to join; returns at once. */
    public void start() {
        starter.start();
        ticker.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            exchange.tick();
        } catch (RuntimeException e) {
            LOG.error("The engine's clock failed", e);
        }
    }

    public void addListener(ViewListener listener) {
        events.add(listener);
    }

    public void removeListener(ViewListener listener) {
        events.remove(listener);
    }

    // ---- joining, on the starter's thread

    private void join() {
        long begin = System.nanoTime();
        long pause = 100;
        while (!stopped) {
            try {
                connect();
                if (!stopped) {
                    openLog();
                }
                return;
            } catch (SeedSearch.Abandoned e) {
                LOG.debug("{}", e.getMessage());
                closeStack();
            } catch (DvsException e) {
                closeStack();
                if (stopped) {
                    return;
                }
                refusals.note(true, e);
                tellIfLate(begin);
                pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
                if (!await(pause)) {
                    return;
                }
            }
        }
    }

    private boolean await(long ms) {
        try {
            return !closing.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether this node has been kept out for longer than it should take; then says so, once. */
    private void tellIfLate(long begin) {
        Optional<DvsException> why = refusals.ofThisNode();
        if (why.isPresent() && System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(settings.joinTimeoutMs())
                && joined.completeExceptionally(why.get())) {
            LOG.error("{} cannot join cluster {}: {}. {} It goes on trying.", local.name(), identity.clusterName(),
                    why.get().getMessage(), why.get().code().nextStep());
        }
    }

    private void connect() throws DvsException {
        long begin = System.nanoTime();
        int rank = rank();
        FoundingRule rule = new FoundingRule(settings.others().size(), rank);
        // Another address for each try: the others' JGroups takes a second connection of the same one for an old repetition.
        Peer self = new Peer(local.id(), random.nextLong() | 1);
        exchange.begin(self);
        try {
            stack = Stack.build(settings, identity, self, rule, registrar, new Links(), () -> {
                tellIfLate(begin);
                return refusals.ofThisNode().isPresent();
            }, change);
            link.connect(stack.channel, exchange, () -> fail(new DvsException(ErrorCode.NODEBUSY,
                    "another node of the cluster has id " + local.id() + " too")));
            if (stopped) {
                throw new DvsException(ErrorCode.NOTREADY, "stopped");
            }
            stack.channel.connect(identity.clusterName());
            refusals.clear();
        } catch (DvsException e) {
            throw e;
        } catch (Exception e) {
            throw reason(e);
        }
    }

    private int rank() {
        int founder = settings.bootstrap().indexOf(local.name());
        if (founder >= 0 || !settings.bootstrap().isEmpty() && !hasLog()) {
            return founder;
        }
        // Admitted later, or with nobody to wait for: it takes its turn after the founders.
        return settings.others().isEmpty() ? 0 : hasLog() ? settings.bootstrap().size() + 1 + Math.min(local.id(), 16) : -1;
    }

    private boolean hasLog() {
        String[] files = settings.logFolder().toFile().list();
        return files != null && files.length > 0;
    }

    private DvsException reason(Exception failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SeedSearch.Abandoned abandoned) {
                throw abandoned;
            }
            if (cause instanceof SecurityException) {
                return Doorkeeper.decode(cause.getMessage());
            }
            if (cause instanceof BindException) {
                return new DvsException(ErrorCode.RSCBUSY, "cannot listen for other nodes at "
                        + settings.bindAddress().getHostAddress() + ":" + settings.bindPort() + ": " + cause.getMessage(),
                        failed);
            }
        }
        return new DvsException(ErrorCode.NOTREADY, "cannot join: " + failed.getMessage(), failed);
    }

    private void openLog() {
        try {
            Agreement opened = Agreement.open(stack.channel, AgreementOptions.of(GROUP, local.name(), settings.logFolder(),
                    settings.initialVoters(local.name()), this::fail));
            agreement = opened;
            state.open(opened.state());
            opened.ready().thenCombine(firstView, (ready, viewed) -> null).whenComplete((done, why) -> {
                if (why == null) {
                    enter();
                } else {
                    joined.completeExceptionally(why instanceof ExecutionException ? why.getCause() : why);
                }
            });
        } catch (DvsException e) {
            fail(e);
        }
    }

    private void enter() {
        exchange.tick();
        if (joined.complete(exchange.view())) {
            LOG.info("{} has joined cluster {}: {}", local.name(), identity.clusterName(), describe(exchange.view()));
        }
        register();
        state.watch(NodeTable.EXPELLED + local.id(), (key, entry) -> {
            if (key.equals(NodeTable.EXPELLED + local.id()) && entry.isPresent()) {
                // It may be an old entry of this node's own log: what counts is what all have agreed now.
                state.sync().thenRun(() -> {
                    if (registrar.expelled(local.id())) {
                        fail(new DvsException(ErrorCode.NONODE, local.name() + " was taken out of the cluster"));
                    }
                });
            }
        });
    }

    private void register() {
        if (stopped) {
            return;
        }
        registrar.register(settings.bindAddress().getHostAddress() + ":" + settings.bindPort()).exceptionally(why -> {
            try {
                ticker.schedule(this::register, 1, TimeUnit.SECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("closing");
            }
            return null;
        });
    }

    /** Turns what the transport notices into causes and refusals. */
    private final class Links implements LinkListener {
        @Override
        public void up(NodeIdentity node) {
            causes.up(node.id());
        }

        @Override
        public void broken(NodeIdentity node) {
            causes.broken(node.id());
        }

        @Override
        public void leaving(Peer peer) {
            causes.leaving(peer);
        }

        @Override
        public void refused(boolean calling, DvsException why) {
            refusals.note(calling && !firstView.isDone(), why);
        }
    }

    // ---- views

    private boolean majority(Mark mark) {
        Agreement now = agreement;
        List<String> voters = now == null ? List.of() : now.voters();
        long present = mark.seats().stream().filter(seat -> voters.contains(seat.name())).count();
        return present * 2 > voters.size();
    }

    private void happened(List<ViewEvent> happened) {
        View view = exchange.view();
        LOG.info("{}", describe(view));
        events.publish(happened);
        firstView.completeAsync(() -> null);
    }

    private static String describe(View view) {
        return "view " + view.id() + ": " + String.join(" ", view.members().stream().map(Member::name).toList())
                + ", in order by " + view.member(view.coordinator()).map(Member::name).orElse("?");
    }

    // ---- Cluster

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
        return exchange.view();
    }

    @Override
    public CompletableFuture<View> joined() {
        return joined.copy();
    }

    @Override
    public List<Standing> nodes() {
        return registrar.nodes();
    }

    @Override
    public Channel open(String name, Receiver receiver) throws DvsException {
        return exchange.open(name, receiver);
    }

    @Override
    public AgreedState state() {
        return state;
    }

    @Override
    public CompletableFuture<Standing> admit(int nodeId) {
        return registrar.admit(nodeId);
    }

    @Override
    public CompletableFuture<Void> expel(int nodeId) {
        return registrar.expel(nodeId);
    }

    // ---- the end

    /** Stops for good: the log failed, or this node must not be in the cluster. */
    private void fail(DvsException why) {
        if (stopped) {
            return;
        }
        LOG.error("{} leaves the cluster: {}. {}", local.name(), why.getMessage(), why.code().nextStep());
        state.fail(why);
        stopped = true;
        exchange.stop();
        joined.completeExceptionally(why);
        daemon(this::leave, "dvs-cluster-stop-1").start();
    }

    private void leave() {
        closeAgreement();
        closeStack();
        try {
            starter.join(STARTER_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // The starter may have got further meanwhile.
        closeAgreement();
        closeStack();
    }

    private void closeAgreement() {
        Agreement now = agreement;
        if (now != null) {
            now.close();
        }
    }

    private void closeStack() {
        Stack now = stack;
        if (now != null) {
            now.close();
        }
    }

    /** Leaves the cluster and stops every thread and socket, within 5 s. */
    @Override
    public void close() {
        stopped = true;
        closing.countDown();
        joined.completeExceptionally(new DvsException(ErrorCode.NOTREADY, local.name() + " is stopping"));
        state.fail(new DvsException(ErrorCode.NOTREADY, local.name() + " is stopping"));
        exchange.stop();
        CompletableFuture<Void> left = new CompletableFuture<>();
        daemon(() -> {
            try {
                leave();
            } finally {
                left.complete(null);
            }
        }, "dvs-cluster-stop-1").start();
        try {
            left.get(CLOSE_WITHIN_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("{} did not take its leave of the others in time", local.name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ticker.shutdownNow();
        exchange.close();
        events.close();
    }

    /** Breaks all links without a word, as the end of the process would. For tests. */
    void crash() throws IOException {
        stopped = true;
        closing.countDown();
        ticker.shutdownNow();
        stack.transport.breakAll();
        agreement.close();
    }

    /** Counters, for tests and for whoever looks closer. */
    Map<String, Long> counters() {
        Map<String, Long> counters = new HashMap<>();
        Stack now = stack;
        counters.put("impersonated", now == null ? 0 : now.transport.impersonated());
        counters.put("brokenFrames", link.broken());
        counters.put("undeliverable", exchange.undeliverable());
        return counters;
    }
}
