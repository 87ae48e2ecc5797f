package org.dvs.cluster.jgroups.internal.agree;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.fork.ForkChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agreed group on a main channel. Thread-safe.
 *
 * <p>The main channel must be connected, must have FORK in its stack, and its address must be an {@code ExtendedUUID} that
 * carries the node's name under {@code RAFT.raft_id_key}. Threads: one that owns the log, {@code dvs-agree-<group>-log-1}; one
 * that runs what waits for commits, {@code dvs-agree-<group>-answer-1}; one for each watch, {@code
 * dvs-agree-<group>-watch-<n>}.
 */
public final class Agreement implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agreement.class);
    private static final long MAX_LOG_BYTES = 64L * 1024 * 1024;
    private static final long STOP_MS = 1000;
    private static final long RECONFIGURED_WITHIN = Replica.CATCH_UP + 5_000_000_000L;

    /** A change of the voters that the leader was asked for. */
    private record Asked(CompletableFuture<Void> result, long since) {
    }

    private final AgreementOptions options;
    private final Voters voters;
    private final DurableLog log;
    private final Proposals proposals;
    private final Watches watches;
    private final ReplicatedState state;
    private final CatchUpRaft raft;
    private final ThreadPoolExecutor answers;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Map<Long, Asked> reconfigurations = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private ForkChannel fork;
    private volatile DvsException failure;
    private volatile LogFigures figures = LogFigures.NONE;

    private Agreement(AgreementOptions options, DurableLog log, long maxLogBytes) {
        this.options = options;
        this.log = log;
        String threads = "dvs-agree-" + options.group() + "-";
        this.voters = new Voters(options.initialVoters());
        this.watches = new Watches(threads + "watch-");
        // its queue is bounded by the proposals, each of which is answered once
        this.answers = new ThreadPoolExecutor(1, 1, 0, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, threads + "answer-1");
            thread.setDaemon(true);
            return thread;
        }, new ThreadPoolExecutor.DiscardPolicy());
        UUID life = UUID.randomUUID();
        this.proposals = new Proposals(new Commands.Origin(life.getMostSignificantBits(), life.getLeastSignificantBits()),
                new Way(), System::nanoTime, options.proposeWithin().toNanos(), options.answerWithin().toNanos(), answers);
        this.state = new ReplicatedState(proposals, watches, System::nanoTime);
        this.raft = new CatchUpRaft(threads + "log-1", options.raftId(), log, voters, state, maxLogBytes, new Surroundings());
    }

    /**
     * Opens the log, applies it, and joins the group. Blocks for reading the log, not for the network.
     *
     * @throws DvsException {@code LOGDAMAGED} with file and offset, {@code IO}, {@code NOSPC}, {@code RSCBUSY} when another
     *                      process has the folder
     */
    public static Agreement open(JChannel channel, AgreementOptions options) throws DvsException {
        return open(channel, options, DurableLog.open(options.folder(), failure -> { }), MAX_LOG_BYTES);
    }

    /** As {@link #open(JChannel, AgreementOptions)}, on a log that is open. */
    static Agreement open(JChannel channel, AgreementOptions options, DurableLog log, long maxLogBytes) throws DvsException {
        Agreement agreement = new Agreement(options, log, maxLogBytes);
        try {
            agreement.join(channel);
            return agreement;
        } catch (DvsException e) {
            agreement.close();
            throw e;
        }
    }

    private void join(JChannel channel) throws DvsException {
        raft.load();
        try {
            fork = new ForkChannel(channel, "agree-" + options.group(), "agree", raft);
            fork.connect(options.group());
        } catch (Exception e) { // what JGroups declares
            throw new DvsException(ErrorCode.GENERIC, "the group " + options.group() + " cannot be joined: " + e.getMessage(), e);
        }
    }

    private final class Way implements Proposals.Way {
        @Override
        public CatchUpRaft.Lead lead() {
            return raft.lead();
        }

        @Override
        public boolean propose(CatchUpRaft.Lead lead, long number, byte[] command) {
            return raft.propose(lead, number, command);
        }
    }

    private final class Surroundings implements CatchUpRaft.Surroundings {
        @Override
        public void tick() {
            // The log is this thread's alone.
            figures = new LogFigures(log.currentTerm(), log.commitIndex(), log.lastAppended(), log.durable(), log.sizeInBytes());
            proposals.tick();
            reconfigurations.forEach((number, asked) -> {
                if (System.nanoTime() - asked.since > RECONFIGURED_WITHIN) {
                    reconfigured(new Frame.Reconfigured(0, number, ErrorCode.UNKNOWNOUTCOME.number(),
                            "the leader did not answer in time"));
                }
            });
            if (!ready.isDone() && raft.leader() != null) {
                answers.execute(() -> ready.complete(null));
            }
        }

        @Override
        public boolean busy() {
            return !ready.isDone() || !reconfigurations.isEmpty() || proposals.open();
        }

        @Override
        public void reconfigured(Frame.Reconfigured answer) {
            Asked asked = reconfigurations.remove(answer.number());
            if (asked != null) {
                answers.execute(() -> {
                    if (answer.code() == 0) {
                        asked.result.complete(null);
                    } else {
                        ErrorCode code = ErrorCode.ofRcode(-answer.code()).orElse(ErrorCode.GENERIC);
                        asked.result.completeExceptionally(new DvsException(code, answer.detail()));
                    }
                });
            }
        }

        @Override
        public void halted(DvsException reason) {
            failure = reason;
            stopped(reason.getMessage());
            Thread messenger = new Thread(() -> options.failed().accept(reason), "dvs-agree-" + options.group() + "-failure-1");
            messenger.setDaemon(true);
            messenger.start();
        }
    }

    private void stopped(String why) {
        DvsException stopped = new DvsException(ErrorCode.STOPPED, why);
        proposals.stop(stopped);
        answers.execute(() -> {
            ready.completeExceptionally(stopped);
            reconfigurations.values().forEach(asked -> asked.result.completeExceptionally(stopped));
            reconfigurations.clear();
        });
    }

    /** What the group has agreed. Stays readable after {@link #close()}. */
    public AgreedState state() {
        return state;
    }

    /** Completes when a leader is known; exceptionally with a {@link DvsException} if the member stops before. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** Names of those who vote, as this node knows it. */
    public List<String> voters() {
        return voters.names();
    }

    /** Name of the log, as far as it is agreed. */
    LogId logName() {
        return voters.agreedLog();
    }

    /** Messages of members of other logs, which were not taken. */
    public long ofOtherLogs() {
        return raft.ofOtherLogs();
    }

    /** Name of the leader, as this node knows it. */
    public Optional<String> leader() {
        Address leader = raft.leader();
        return Optional.ofNullable(leader).map(CatchUpRaft::name);
    }

    /**
     * Lets a member of the view vote, after it has caught up. Any node may ask.
     *
     * @return exceptionally: {@code BADNODEID} if it is not in the view, {@code NOTREADY} without a leader, {@code TIMEDOUT} if
     *         it does not catch up within 30 s, {@code AGAIN} while another change of the voters is under way,
     *         {@code UNKNOWNOUTCOME} if the leader was lost meanwhile
     */
    public CompletableFuture<Void> admit(String raftId) {
        return reconfigure(true, raftId);
    }

    /** Takes a vote away. @return exceptionally: as {@link #admit}, and {@code INVAL} for the last voter */
    public CompletableFuture<Void> expel(String raftId) {
        return reconfigure(false, raftId);
    }

    private CompletableFuture<Void> reconfigure(boolean admit, String raftId) {
        if (failure != null) {
            return CompletableFuture.failedFuture(new DvsException(ErrorCode.STOPPED, failure.getMessage()));
        }
        CatchUpRaft.Lead lead = raft.lead();
        if (raftId.isEmpty() || raftId.length() > Limits.NAME_CHARS) {
            return CompletableFuture.failedFuture(new DvsException(ErrorCode.BADNODEID,
                    "a name of " + raftId.length() + " characters"));
        }
        if (lead == null) {
            return CompletableFuture.failedFuture(new DvsException(ErrorCode.NOTREADY,
                    "no leader to change the vote of " + raftId));
        }
        long number = numbers.incrementAndGet();
        CompletableFuture<Void> result = new CompletableFuture<>();
        reconfigurations.put(number, new Asked(result, System.nanoTime()));
        raft.reconfigure(lead, number, admit, raftId);
        return result;
    }

    /** As they were when the log's thread last looked, which it does several times a second. */
    public LogFigures figures() {
        return figures;
    }

    /** Why this member has stopped for good; empty while it works. */
    public Optional<DvsException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Leaves the group within 5 s; the main channel stays as it is. */
    @Override
    public synchronized void close() {
        if (fork != null) {
            fork.close();
            raft.stop(); // the fork does not do it when the main channel was closed before
        }
        log.close();
        stopped("the group " + options.group() + " was closed");
        watches.close();
        answers.shutdown();
        try {
            if (!answers.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("What waited for a commit in {} does not end; it is interrupted", options.group());
                answers.shutdownNow();
            }
        } catch (InterruptedException e) {
            answers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
