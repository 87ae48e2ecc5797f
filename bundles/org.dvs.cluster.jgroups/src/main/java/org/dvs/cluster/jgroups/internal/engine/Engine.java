package org.dvs.cluster.jgroups.internal.engine;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
import org.dvs.api.LogField;
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
import org.dvs.cluster.jgroups.internal.agree.LogFigures;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.transport.LinkListener;
import org.dvs.cluster.jgroups.internal.transport.NodeIdentity;
import org.dvs.cluster.jgroups.internal.transport.Rivalry;
import org.dvs.cluster.jgroups.internal.view.CauseBook;
import org.dvs.cluster.jgroups.internal.view.EventPump;
import org.jgroups.stack.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One node's engine: joins on a thread of its own, keeps the agreed log, and stops for good when the log fails. When it is kept
 * out for longer than {@code joinTimeoutMs}, {@link #joined()} fails and the log has one error with the reason; see {@link
 * Joining}.
 */
public final class Engine implements Cluster, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final String GROUP = "meta";
    private static final int TICK_MS = 20;
    private static final int IDLE_TICK_MS = 200;
    private static final long CLOSE_WITHIN_MS = 4_500;
    private static final long STARTER_WITHIN_MS = 2_000;

    private final Settings settings;
    private final Identity identity;
    private final long incarnation = new SecureRandom().nextLong() | 1;
    private final Member local;
    private final CauseBook causes = new CauseBook();
    private final EventPump events = new EventPump();
    private final StateFront state = new StateFront();
    private final RefusalLog refusals = new RefusalLog(System::nanoTime);
    private final GroupLink link = new GroupLink(causes, this::rival);
    private final Exchange exchange;
    private final Registrar registrar;
    private final Registration registration;
    private final Joining joining;
    private final CompletableFuture<View> joined = new CompletableFuture<>();
    private final CompletableFuture<Void> firstView = new CompletableFuture<>();
    private final ScheduledExecutorService ticker;
    private final Thread starter;
    private volatile Agreement agreement;
    private volatile boolean stopped;

    /** @param cut this node's cut number, carried by each message */
    public Engine(Settings settings, Identity identity, LongSupplier cut) {
        this(settings, identity, cut, UnaryOperator.identity());
    }

    Engine(Settings settings, Identity identity, LongSupplier cut, UnaryOperator<List<Protocol>> change) {
        this.settings = settings;
        this.identity = identity;
        local = new Member(identity.nodeId(), identity.nodeName());
        exchange = new Exchange(local, new Exchange.Base(link, new Majority(this::voters), cut, this::happened,
                settings.queueMessages(), settings.queueBytes(), System::nanoTime));
        registrar = new Registrar(local, state, this::view, () -> Optional.ofNullable(agreement));
        joining = new Joining(new Joining.Base(settings, identity, exchange, link, registrar, new Links(), refusals, this::late,
                new Rivals(), change));
        ticker = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "dvs-cluster-tick-1"));
        registration = new Registration(local, settings.bindAddress().getHostAddress() + ":" + settings.bindPort(), state,
                registrar, ticker, () -> stopped, this::fail);
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
        tickIn(TICK_MS);
    }

    private void tickIn(long ms) {
        try {
            ticker.schedule(this::tick, ms, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} stops", local.name());
        }
    }

    private void tick() {
        boolean soon = true;
        try {
            soon = exchange.tick();
        } catch (RuntimeException e) {
            LOG.error("The engine's clock failed", e);
        }
        tickIn(soon ? TICK_MS : IDLE_TICK_MS);
    }

    public void addListener(ViewListener listener) {
        events.add(listener);
    }

    public void removeListener(ViewListener listener) {
        events.remove(listener);
    }

    // ---- joining, on the starter's thread

    private void join() {
        joining.join().ifPresent(this::openLog);
    }

    /** This node has been kept out for longer than it should take. */
    private void late(DvsException why) {
        if (joined.completeExceptionally(why)) {
            try (MDC.MDCCloseable code = MDC.putCloseable(LogField.CODE, why.code().code())) {
                LOG.error("{} cannot join cluster {}: {}. {} It goes on trying.", local.name(), identity.clusterName(),
                        why.getMessage(), why.code().nextStep());
            }
        }
    }

    private void openLog(Stack stack) {
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
        registration.begin();
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

    /** Decides where another node with an id of this part of the cluster is met. */
    private final class Rivals implements Rivalry {
        @Override
        public boolean majority(Collection<String> names) {
            List<String> voters = voters();
            return voters.stream().filter(names::contains).count() * 2 > voters.size();
        }

        @Override
        public void lost() {
            rival();
        }
    }

    // ---- views

    private List<String> voters() {
        Agreement now = agreement;
        return now == null ? List.of() : now.voters();
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

    /** Name of the node that leads the agreed log, as this node knows it; empty without one. */
    public Optional<String> leader() {
        Agreement now = agreement;
        return now == null ? Optional.empty() : now.leader();
    }

    // ---- the end

    /** A view of parts that met has another node with this node's id. */
    private void rival() {
        fail(new DvsException(ErrorCode.NODEBUSY, "another node of the cluster has id " + local.id() + " too"));
    }

    /** Stops for good: the log failed, or this node must not be in the cluster. */
    private void fail(DvsException why) {
        if (stopped) {
            return;
        }
        try (MDC.MDCCloseable code = MDC.putCloseable(LogField.CODE, why.code().code())) {
            LOG.error("{} leaves the cluster: {}. {}", local.name(), why.getMessage(), why.code().nextStep());
        }
        state.fail(why);
        stop();
        joined.completeExceptionally(why);
        daemon(this::leave, "dvs-cluster-stop-1").start();
    }

    private void stop() {
        stopped = true;
        joining.close();
        exchange.stop();
    }

    private void leave() {
        closeAgreement();
        joining.closeStack();
        try {
            starter.join(STARTER_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // The starter may have got further meanwhile.
        closeAgreement();
        joining.closeStack();
    }

    private void closeAgreement() {
        Agreement now = agreement;
        if (now != null) {
            now.close();
        }
    }

    /** Leaves the cluster and stops every thread and socket, within 5 s. */
    @Override
    public void close() {
        stop();
        DvsException why = new DvsException(ErrorCode.NOTREADY, local.name() + " is stopping");
        joined.completeExceptionally(why);
        state.fail(why);
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
        joining.close();
        ticker.shutdownNow();
        joining.stack().orElseThrow().transport.breakAll();
        agreement.close();
    }

    /** Of the agreed log; all 0 before it is open. */
    public LogFigures log() {
        Agreement now = agreement;
        return now == null ? LogFigures.NONE : now.figures();
    }

    /** What was dropped: name of the counter to how often. */
    public Map<String, Long> counters() {
        Map<String, Long> counters = new HashMap<>();
        counters.put("impersonated", joining.stack().map(stack -> stack.transport.impersonated()).orElse(0L));
        counters.put("brokenFrames", link.broken());
        counters.put("undeliverable", exchange.undeliverable());
        Agreement now = agreement;
        counters.put("otherLogs", now == null ? 0 : now.ofOtherLogs());
        return counters;
    }
}
