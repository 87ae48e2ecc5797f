package org.dvs.cluster.jgroups.internal.agree;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.dvs.cluster.jgroups.internal.log.LogFencedException;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.raft.RAFT;
import org.jgroups.protocols.raft.election.BaseElection;
import org.jgroups.raft.Options;
import org.jgroups.raft.util.Utils;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.Runner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RAFT of jgroups-raft with its replication replaced by {@link Replica}: terms, votes, roles and the place in the stack are the
 * super class's. Everything that touches them or the log runs on one thread, the owner. A defect or a fenced log halts it.
 *
 * <p>It lives in a fork stack, so it makes no address of its own: the main channel's carries the node's name.
 */
public final class CatchUpRaft extends RAFT {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUpRaft.class);
    private static final short ID = 562;
    private static final int QUEUE = 32_768;
    private static final int PASS = 1024;
    private static final long TICK_NANOS = 20_000_000;
    private static final long OWNER_DEADLINE_MS = 4000;
    private static final long PUT_DEADLINE_MS = 5000;
    /** Without a leader this long, the first voter of the view calls an election, and each next one after another while. */
    private static final long LEADERLESS_NANOS = 100_000_000;
    private static final long NEXT_NANOS = 500_000_000;
    private static final long LEADER_SILENT_NANOS = 3_000_000_000L;

    static {
        ClassConfigurator.addProtocol(ID, CatchUpRaft.class);
        new GroupHeader(); // known before the first message comes
    }

    /** What the owner is told besides. All on the owner. */
    interface Surroundings {
        /** Every 20 ms or so. */
        void tick();

        void reconfigured(Frame.Reconfigured answer);

        /** Once; nothing else comes afterwards. */
        void halted(DvsException reason);
    }

    private static final class Task extends Request {
        private final Runnable action;
        /** Needs the log as it will be after the pass. */
        private final boolean settled;

        Task(Runnable action, boolean settled) {
            this.action = action;
            this.settled = settled;
        }
    }

    private final String threadName;
    private final Voters voters;
    private final Replica replica;
    private final Surroundings surroundings;
    private final List<Request> pass = new ArrayList<>(PASS);
    private final ReentrantLock passes = new ReentrantLock();
    private volatile Thread owner;
    private volatile boolean open;
    private volatile boolean halted;
    private volatile Map<Address, String> present = Map.of();
    private long lastTick;
    private long leaderlessSince = System.nanoTime();
    private long leaderlessTerm;

    CatchUpRaft(String threadName, String raftId, DurableLog durableLog, Voters voters, Replica replica, Surroundings surroundings) {
        this.threadName = threadName;
        this.voters = voters;
        this.replica = replica;
        this.surroundings = surroundings;
        raftId(raftId);
        log(durableLog);
        maxLogCacheSize(0);
        members(voters.names());
    }

    /** What {@link Replica} sees of this. */
    private final class Site implements Replica.Site {
        @Override
        public Address self() {
            return local_addr;
        }

        @Override
        public long term() {
            return currentTerm();
        }

        @Override
        public void advanceTo(long term) {
            currentTerm(term);
        }

        @Override
        public Address leader() {
            return CatchUpRaft.this.leader();
        }

        @Override
        public void follow(Address leader) {
            CatchUpRaft.this.leader(leader);
        }

        @Override
        public void stepDown() {
            setLeaderAndTerm(null);
        }

        @Override
        public void send(Address to, Frame frame) {
            CatchUpRaft.this.send(to, frame);
        }
    }

    // --------------------------------------------------------------------------------------------------------- life, queue

    /** Applies the log, before the group is joined. @throws DvsException {@code LOGDAMAGED} */
    void load() throws DvsException {
        replica.load(new Site());
    }

    @Override
    public void init() {
        // not the super class's: it would have the main channel make addresses
        processing_queue = new ArrayBlockingQueue<>(QUEUE);
        runner = new Runner(null, threadName, this::processQueue, null).daemon(true);
        open = true;
    }

    @Override
    public void initStateMachineFromLog() {
        // load() has done it
    }

    /** Runs what is under way to its end; then all files are closed. */
    @Override
    public void stop() {
        onOwner(() -> {
            replica.giveUp();
            return null;
        }, null);
        open = false;
        try {
            // a pass that is under way must not be interrupted: that would close its files
            if (!passes.tryLock(OWNER_DEADLINE_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("{} does not come to its end; it is interrupted", threadName);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        super.stop();
    }

    /** Does an action on the owner, after everything before it is on disk. Dropped once halted or stopped. */
    void execute(Runnable action) {
        enqueue(new Task(action, true));
    }

    private void enqueue(Task task) {
        try {
            if (open && !halted && !processing_queue.offer(task, PUT_DEADLINE_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("{} dropped a message, because {} others wait", threadName, QUEUE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link #execute}, with a result. @param otherwise if the owner is gone */
    private <T> T onOwner(Supplier<T> action, T otherwise) {
        if (Thread.currentThread() == owner) {
            return action.get();
        }
        if (!open || halted || owner == null) {
            return otherwise;
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        execute(() -> result.complete(action.get()));
        try {
            return result.get(OWNER_DEADLINE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} did not come to it within {} ms", threadName, OWNER_DEADLINE_MS);
            return otherwise;
        }
    }

    @Override
    protected void processQueue() {
        owner = Thread.currentThread();
        try {
            Request first = replica.hasWork() ? processing_queue.poll()
                    : processing_queue.poll(TICK_NANOS, TimeUnit.NANOSECONDS);
            if (first != null) {
                pass.add(first);
                processing_queue.drainTo(pass, PASS - 1);
            }
            passes.lock();
            try {
                if (!halted && open) {
                    runPass();
                }
            } finally {
                passes.unlock();
            }
        } catch (InterruptedException e) {
            LOG.debug("{} is being stopped", threadName);
        } catch (Throwable e) {
            halt(e);
        } finally {
            pass.clear();
        }
    }

    private void runPass() {
        for (Request request : pass) {
            Task task = (Task) request;
            if (task.settled) {
                replica.settle();
            }
            task.action.run();
        }
        long now = System.nanoTime();
        if (now - lastTick >= TICK_NANOS) {
            lastTick = now;
            replica.tick();
            watchLeader(now);
            surroundings.tick();
        }
        replica.settle();
        last_appended = log_impl.lastAppended();
        commit_index = log_impl.commitIndex();
    }

    private void halt(Throwable cause) {
        DvsException reason;
        if (cause instanceof LogFencedException fenced) {
            reason = fenced.reason();
        } else {
            LOG.error("{} stops because of a defect", threadName, cause);
            reason = new DvsException(ErrorCode.GENERIC, "a defect in the agreed group: " + cause, cause);
        }
        halted = true;
        raft_state.setLeader(null);
        surroundings.halted(reason);
    }

    // ------------------------------------------------------------------------------------------------------------- messages

    @Override
    public Object up(Message message) {
        GroupHeader header = message.getHeader(id);
        if (header == null) {
            return up_prot.up(message);
        }
        arrived(message);
        return null;
    }

    @Override
    public void up(MessageBatch batch) {
        for (Iterator<Message> messages = batch.iterator(); messages.hasNext();) {
            Message message = messages.next();
            GroupHeader header = message.getHeader(id);
            if (header != null) {
                messages.remove();
                arrived(message);
            }
        }
        if (!batch.isEmpty()) {
            up_prot.up(batch);
        }
    }

    private void arrived(Message message) {
        Address from = message.getSrc();
        try {
            Frame frame = Frames.decode(message.getArray(), message.getOffset(), message.getLength());
            if (frame instanceof Frame.Reconfigured answer) {
                enqueue(new Task(() -> surroundings.reconfigured(answer), false));
            } else {
                enqueue(new Task(() -> replica.receive(from, frame), false));
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("{} sent what is not understood here: {}", from, e.getMessage());
        }
    }

    private void send(Address to, Frame frame) {
        // no flow control: what may be on its way is bounded by the replica, whose thread must not wait for a slow member
        Message message = new BytesMessage(to, Frames.encode(frame)).putHeader(id, new GroupHeader()).setFlag(Message.Flag.NO_FC);
        try {
            down_prot.down(message);
        } catch (RuntimeException e) {
            LOG.debug("{} could not send to {}", threadName, to, e); // it is sent again
        }
    }

    /** Where a command may go now. */
    record Lead(Address address, long term) {
    }

    /** @return null without a leader */
    Lead lead() {
        long term;
        Address address;
        do {
            term = currentTerm();
            address = leader();
        } while (term != currentTerm());
        return address == null || halted ? null : new Lead(address, term);
    }

    /**
     * Sends a command to the leader; the machine hears of it when it is applied, or not proposed. Never waits. Any thread.
     *
     * @return false if it was not sent
     */
    boolean propose(Lead lead, long number, byte[] command) {
        if (lead.address.equals(local_addr)) {
            return open && !halted && processing_queue.offer(
                    new Task(() -> replica.propose(local_addr, lead.term, number, command), false));
        }
        send(lead.address, new Frame.Propose(lead.term, number, command));
        return true;
    }

    /** Asks the leader to change who votes. Any thread. */
    void reconfigure(Lead lead, long number, boolean admit, String name) {
        if (lead.address.equals(local_addr)) {
            execute(() -> replica.reconfigure(admit, name, Replica.CATCH_UP, failure -> surroundings.reconfigured(
                    new Frame.Reconfigured(lead.term, number, failure == null ? 0 : failure.code().number(),
                            failure == null ? "" : failure.getMessage()))));
        } else {
            send(lead.address, new Frame.Reconfigure(lead.term, number, admit, name));
        }
    }

    // ---------------------------------------------------------------------------------------------------- views and elections

    @Override
    public void handleView(View newView) {
        view = newView;
        announce(newView);
        Map<Address, String> others = new LinkedHashMap<>(present);
        others.remove(local_addr);
        execute(() -> {
            Address leader = leader();
            if (leader != null && !newView.containsMember(leader)) {
                setLeaderAndTerm(null);
            }
            replica.view(others);
        });
    }

    /** Who is there from now on; known at once to whoever wants to call an election. */
    void announce(View newView) {
        Map<Address, String> names = new LinkedHashMap<>();
        for (Address address : newView.getMembersRaw()) {
            names.put(address, name(address));
        }
        present = names;
    }

    /** @return the name of the node, or what its address prints if it has none */
    static String name(Address address) {
        if (address instanceof ExtendedUUID uuid && uuid.get(raft_id_key) != null) {
            return Utils.extractRaftId(address);
        }
        return address.toString();
    }

    private boolean hasMajority() {
        return voters.names().stream().filter(present::containsValue).count() >= voters.majority();
    }

    /** True for a voter that sees a majority and no leader among those present. Any thread. */
    boolean mayCallElection() {
        Address leader = leader();
        return open && !halted && voters.names().contains(raft_id) && hasMajority()
                && (leader == null || !present.containsKey(leader));
    }

    /** Calls an election where the super class does not: it only does at a change of the view. */
    private void watchLeader(long now) {
        if (leader() != null && replica.leaderSilence() > LEADER_SILENT_NANOS) {
            LOG.warn("{} has heard nothing of its leader {} for {} ms", raft_id, leader(), LEADER_SILENT_NANOS / 1_000_000);
            setLeaderAndTerm(null);
        }
        if (!mayCallElection() || currentTerm() != leaderlessTerm) {
            leaderlessSince = now;
            leaderlessTerm = currentTerm();
            return;
        }
        int before = (int) present.values().stream().takeWhile(name -> !name.equals(raft_id)).filter(voters.names()::contains).count();
        if (now - leaderlessSince > LEADERLESS_NANOS + NEXT_NANOS * before) {
            leaderlessSince = now;
            BaseElection election = findProtocol(BaseElection.class, this, true);
            election.startVotingThread();
        }
    }

    @Override
    public List<String> members() {
        return voters.names();
    }

    @Override
    public int majority() {
        return voters.majority();
    }

    @Override
    public long createNewTerm() {
        Long term = onOwner(super::createNewTerm, null);
        if (term == null) {
            throw new IllegalStateException("no new term, the owner is busy or gone"); // the voting thread tries again
        }
        return term;
    }

    @Override
    public RAFT setLeaderAndTerm(Address newLeader, long newTerm) {
        if (newLeader == null && Thread.currentThread() != owner) {
            // not waited for: the caller may hold a lock that the owner needs
            execute(() -> super.setLeaderAndTerm(null, newTerm));
        } else {
            onOwner(() -> super.setLeaderAndTerm(newLeader, newTerm), this);
        }
        return this;
    }

    @Override
    public int trySetLeaderAndTerm(Address newLeader, long newTerm) {
        return onOwner(() -> super.trySetLeaderAndTerm(newLeader, newTerm), -1);
    }

    // ------------------------------------------------------------------------------ the super class's own way, not used here

    @Override
    protected void createRequestTable() {
        // Replica keeps its own
    }

    @Override
    protected void createCommitTable() {
        // Replica keeps its own
    }

    @Override
    public CompletableFuture<byte[]> setAsync(byte[] buf, int offset, int length, boolean internal, Options options) {
        throw new UnsupportedOperationException("commands go through the agreed state");
    }

    @Override
    public CompletableFuture<byte[]> getAsync(byte[] buf, int offset, int length, Options options) {
        throw new UnsupportedOperationException("reads go through the agreed state");
    }

    @Override
    public CompletableFuture<byte[]> addServer(String name) {
        throw new UnsupportedOperationException("voters are changed through the agreement");
    }

    @Override
    public CompletableFuture<byte[]> removeServer(String name) {
        throw new UnsupportedOperationException("voters are changed through the agreement");
    }
}
