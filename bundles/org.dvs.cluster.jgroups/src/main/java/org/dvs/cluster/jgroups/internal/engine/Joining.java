package org.dvs.cluster.jgroups.internal.engine;

import java.net.BindException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.Identity;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.transport.Admission;
import org.dvs.cluster.jgroups.internal.transport.Doorkeeper;
import org.dvs.cluster.jgroups.internal.transport.FoundingRule;
import org.dvs.cluster.jgroups.internal.transport.LinkListener;
import org.dvs.cluster.jgroups.internal.transport.Rivalry;
import org.dvs.cluster.jgroups.internal.transport.SeedSearch;
import org.jgroups.stack.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way into the cluster: one try after another, each with a stack of its own, until one is let in.
 *
 * <p><b>A node that is refused</b> goes on trying, with pauses up to 5 s: what stands in the way may be the node's own former
 * run, or an administrator's decision that changes. After {@code joinTimeoutMs} it says so. A node that finds nobody and may not
 * found a cluster just waits.
 */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final long FIRST_PAUSE_MS = 200;
    private static final long LONGEST_PAUSE_MS = 5_000;

    /**
     * What it works with.
     *
     * @param admission asked when this node coordinates
     * @param listener  hears of the links
     * @param refusals  takes why this node was refused
     * @param late      told, at each further try, why this node has been kept out for longer than it should take
     * @param rivalry   asked where parts of the cluster meet that have nodes with one id
     * @param change    what a test puts between the protocols
     */
    record Base(Settings settings, Identity identity, Exchange exchange, GroupLink link, Admission admission,
            LinkListener listener, RefusalLog refusals, Consumer<DvsException> late, Rivalry rivalry,
            UnaryOperator<List<Protocol>> change) {
    }

    private final Base base;
    private final Lives lives;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Stack stack;

    Joining(Base base) {
        this.base = base;
        lives = new Lives(base.identity().nodeId(), new SecureRandom()::nextLong);
    }

    /** Blocks until this node is in. @return empty if it was closed before */
    Optional<Stack> join() {
        long begin = System.nanoTime();
        long pause = FIRST_PAUSE_MS;
        while (!closed()) {
            try {
                connect(begin);
                return Optional.of(stack).filter(open -> !closed());
            } catch (SeedSearch.Abandoned e) {
                LOG.debug("{}", e.getMessage());
                closeStack();
            } catch (DvsException e) {
                closeStack();
                if (closed()) {
                    break;
                }
                base.refusals().note(true, e);
                tellIfLate(begin);
                if (!await(pause)) {
                    break;
                }
                pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
            }
        }
        return Optional.empty();
    }

    private void connect(long begin) throws DvsException {
        Peer self = lives.next();
        base.exchange().begin(self);
        try {
            Stack.Rules rules = new Stack.Rules(founding(), base.admission(), lives::former, base.rivalry(), () -> {
                tellIfLate(begin);
                // Who took it for another one, as its former run was not missed yet, may be gone: if nobody is left, it may found.
                return base.refusals().ofThisNode().filter(why -> why.code() != ErrorCode.NODEBUSY).isPresent();
            });
            stack = Stack.build(base.settings(), base.identity(), self, rules, base.listener(), base.change());
            base.link().connect(stack.channel, base.exchange(), lives);
            if (closed()) {
                throw new DvsException(ErrorCode.NOTREADY, "stopped");
            }
            stack.channel.connect(base.identity().clusterName());
        } catch (Exception e) { // what JGroups declares
            throw reason(e);
        }
        if (base.link().hasRival()) {
            throw new DvsException(ErrorCode.NODEBUSY,
                    "node id " + self.id() + " is in the cluster already; it came in at the same time");
        }
        base.refusals().clear();
    }

    private FoundingRule founding() {
        return new FoundingRule(base.settings().others().size(), rank());
    }

    private int rank() {
        Settings settings = base.settings();
        int founder = settings.bootstrap().indexOf(base.identity().nodeName());
        if (founder >= 0 || !settings.bootstrap().isEmpty() && !hasLog()) {
            return founder;
        }
        // Admitted later, or with nobody to wait for: it takes its turn after the founders.
        return settings.others().isEmpty() ? 0
                : hasLog() ? settings.bootstrap().size() + 1 + Math.min(base.identity().nodeId(), 16) : -1;
    }

    private boolean hasLog() {
        String[] files = base.settings().logFolder().toFile().list();
        return files != null && files.length > 0;
    }

    private DvsException reason(Exception failed) {
        if (failed instanceof DvsException told) {
            return told;
        }
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SeedSearch.Abandoned abandoned) {
                throw abandoned;
            }
            if (cause instanceof SeedSearch.OwnIdLeads) {
                return new DvsException(ErrorCode.NODEBUSY,
                        cause.getMessage() + "; " + base.identity().nodeName() + " does not join", failed);
            }
            if (cause instanceof SecurityException) {
                return Doorkeeper.decode(cause.getMessage());
            }
            if (cause instanceof BindException) {
                return new DvsException(ErrorCode.RSCBUSY, "cannot listen for other nodes at "
                        + base.settings().bindAddress().getHostAddress() + ":" + base.settings().bindPort() + ": "
                        + cause.getMessage(), failed);
            }
        }
        return new DvsException(ErrorCode.NOTREADY, "cannot join: " + failed.getMessage(), failed);
    }

    private void tellIfLate(long begin) {
        if (System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(base.settings().joinTimeoutMs())) {
            base.refusals().ofThisNode().ifPresent(base.late());
        }
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }

    private boolean await(long ms) {
        try {
            return !closing.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The stack of the newest try. */
    Optional<Stack> stack() {
        return Optional.ofNullable(stack);
    }

    /** Gives up a try that is under way, and begins no other. Any thread; returns at once. */
    void close() {
        closing.countDown();
    }

    /** Leaves the cluster, or ends the try that is under way. Takes as long as the others need to take note. */
    void closeStack() {
        stack().ifPresent(Stack::close);
    }
}
