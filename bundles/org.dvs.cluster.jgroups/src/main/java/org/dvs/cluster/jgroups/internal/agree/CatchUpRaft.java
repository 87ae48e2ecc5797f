package org.dvs.cluster.jgroups.internal.agree;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.dvs.cluster.jgroups.internal.log.LogFencedException;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.raft.util.Utils;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.Runner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RAFT of jgroups-raft with its replication and elections replaced by {@link Replica}: terms, the vote, roles and the place in
 * the stack are the super class's. Everything that touches them or the log runs on one thread, the owner. A defect or a fenced
 * log halts it.
 *
 * <p>It lives in a fork stack, so it makes no address of its own: the main channel's carries the node's name.
 */
public final class CatchUpRaft extends BareRaft {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUpRaft.class);
    private static final short ID = 562;
    private static final int QUEUE = 32_768;
    private static final int PASS = 1024;
    private static final long TICK_NANOS = 20_000_000;
    /** While a leader is heard and nothing is asked of it. */
    private static final long IDLE_NANOS = 200_000_000;
    private static final long OWNER_DEADLINE_MS = 4000;
    private static final long PUT_DEADLINE_MS = 5000;
    private static final long LEADER_SILENT_NANOS = 3_000_000_000L;

    static {
        ClassConfigurator.addProtocol(ID, CatchUpRaft.class);
        new GroupHeader(); // known before the first message comes
    }

    /** What the owner is told besides. All on the owner. */
    interface Surroundings {
        /** Every 20 ms or so while there is anything to wait for, else every 200 ms. */
        void tick();

        /** True if there is anything to wait for. */
        boolean busy();

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
    private final LogGuard guard;
    private final Attendance attendance;
    private final Surroundings surroundings;
    private final List<Request> pass = new ArrayList<>(PASS);
    private final ReentrantLock passes = new ReentrantLock();
    private final Object views = new Object();
    private volatile boolean open;
    private volatile boolean halted;
    private long lastTick;
    private final ElectionTimer elections = new ElectionTimer(bound -> ThreadLocalRandom.current().nextLong(bound));

    CatchUpRaft(String threadName, String raftId, DurableLog durableLog, Voters voters, Machine machine, long maxLogBytes,
            Surroundings surroundings) {
        this.threadName = threadName;
        this.voters = voters;
        Site here = new Here();
        this.replica = new Replica(raftId, durableLog, voters, machine, here, maxLogBytes);
        this.guard = new LogGuard(raftId, durableLog, voters, here);
        this.attendance = new Attendance(raftId, voters, guard);
        this.surroundings = surroundings;
        raftId(raftId);
        log(durableLog);
        maxLogCacheSize(0);
        members(voters.names());
    }

    /** What {@link Replica} sees of this. */
    private final class Here implements Site {
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
        public Address voted() {
            return votedFor();
        }

        @Override
        public void vote(Address candidate) {
            votedFor(candidate);
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
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void send(Address to, Frame frame) {
            CatchUpRaft.this.send(to, frame);
        }
    }

    // --------------------------------------------------------------------------------------------------------- life, queue

    /** Applies the log, before the group is joined. @throws DvsException {@code LOGDAMAGED} */
    void load() throws DvsException {
        replica.load();
    }

    @Override
    public void init() {
        // not the super class's: it would have the main channel make addresses
        processing_queue = new ArrayBlockingQueue<>(QUEUE);
        runner = new Runner(null, threadName, this::processQueue, null).daemon(true);
        open = true;
    }

    /** Runs what is under way to its end; then all files are closed. May be called again. */
    @Override
    public void stop() {
        CountDownLatch gaveUp = new CountDownLatch(1);
        execute(() -> {
            replica.giveUp();
            gaveUp.countDown();
        });
        try {
            if (runner.isRunning() && !halted && !gaveUp.await(OWNER_DEADLINE_MS / 2, TimeUnit.MILLISECONDS)) {
                LOG.warn("{} is too busy to give its lead up", threadName);
            }
            open = false;
            // a pass that is under way must not be interrupted: that would close its files
            if (passes.tryLock(OWNER_DEADLINE_MS / 2, TimeUnit.MILLISECONDS)) {
                passes.unlock();
            } else {
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

    @Override
    protected void processQueue() {
        try {
            Request first = replica.hasWork() ? processing_queue.poll()
                    : processing_queue.poll(elections.led() && !replica.leads() && !surroundings.busy() ? IDLE_NANOS : TICK_NANOS,
                            TimeUnit.NANOSECONDS);
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
        } else if (cause instanceof OtherLogException other) {
            reason = other.reason();
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
            Frames.Letter letter = Frames.decode(message.getArray(), message.getOffset(), message.getLength());
            enqueue(new Task(() -> receive(from, letter), false));
        } catch (IllegalArgumentException e) {
            LOG.warn("{} sent what is not understood here: {}", from, e.getMessage());
        }
    }

    private void receive(Address from, Frames.Letter letter) {
        if (!guard.admits(from, letter)) {
            return;
        }
        if (letter.frame() instanceof Frame.Reconfigured answer) {
            surroundings.reconfigured(answer);
        } else {
            replica.receive(from, letter.frame());
        }
    }

    /** Messages that were about the log of another cluster. Any thread. */
    long ofOtherLogs() {
        return guard.dropped();
    }

    private void send(Address to, Frame frame) {
        // no flow control: what may be on its way is bounded by the replica, whose thread must not wait for a slow member
        Message message = new BytesMessage(to, Frames.encode(guard.seal(frame))).putHeader(id, new GroupHeader())
                .setFlag(Message.Flag.NO_FC);
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

    /**
     * Comes from two threads while the group is joined, that of the stack and that of {@code connect}, which may bring an older
     * view after a newer one: who has come since would never be sent anything.
     */
    @Override
    public void handleView(View newView) {
        synchronized (views) {
            if (view == null || newView.getViewId().compareToIDs(view.getViewId()) > 0) {
                view = newView;
                execute(() -> see(newView));
            }
        }
    }

    private void see(View newView) {
        Address leader = leader();
        if (leader != null && !newView.containsMember(leader)) {
            setLeaderAndTerm(null);
        }
        Map<Address, String> all = new LinkedHashMap<>();
        for (Address address : newView.getMembersRaw()) {
            all.put(address, name(address));
        }
        attendance.view(all);
        Map<Address, String> others = new LinkedHashMap<>(all);
        others.remove(local_addr);
        guard.view(others.keySet());
        replica.view(others);
        if (!attendance.hasMajority()) {
            replica.giveUp();
        }
    }

    /** @return the name of the node, or what its address prints if it has none */
    static String name(Address address) {
        if (address instanceof ExtendedUUID uuid && uuid.get(raft_id_key) != null) {
            return Utils.extractRaftId(address);
        }
        return address.toString();
    }

    /** Calls an election when it is this node's turn to do so. */
    private void watchLeader(long now) {
        if (leader() != null && replica.leaderSilence() > LEADER_SILENT_NANOS) {
            LOG.warn("{} has heard nothing of its leader {} for {} ms", raft_id, leader(), LEADER_SILENT_NANOS / 1_000_000);
            setLeaderAndTerm(null);
        }
        if (elections.due(now, leader() == null ? attendance.unled(currentTerm()) : ElectionTimer.Situation.led(currentTerm()))) {
            replica.callElection();
            elections.called(now, currentTerm());
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
}
