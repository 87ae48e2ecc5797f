package org.dvs.cluster.jgroups.internal.agree;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replication of one log: what a leader sends and counts, what a member accepts and applies. Terms are kept by the {@link Site},
 * votes are the {@link Ballot}'s. No threads, no clock, no sockets of its own; all calls come on one thread. What it throws is a defect or a
 * fenced log, and must end the member.
 *
 * <p>A pass is a number of calls followed by {@link #settle}, which writes all that was staged with one force and only then
 * answers. It must also be called before anything else looks at the log, above all a vote.
 *
 * <p>Closed here (dvs raft reference, defects): 2 catching up does not wait for an idle moment, because each member is sent to at
 * its own pace, from the log or a snapshot in chunks; 6 bounded bytes in flight; 7 each append carries the place it follows, also
 * an empty one, a new leader begins with an entry of its own, and only entries of its own term are committed by counting;
 * 8 a failing apply is never skipped; 9 the commit index is sent on at once.
 */
final class Replica {
    /** Bytes of a snapshot in one message. */
    static final int CHUNK_BYTES = 512 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final int MESSAGE_BYTES = 1024 * 1024;
    private static final int MESSAGE_ENTRIES = 512;
    private static final int UNCOMMITTED_ENTRIES = 256;
    private static final int UNCOMMITTED_BYTES = 4 * 1024 * 1024;
    private static final int WAITING = 4096;
    private static final int MAX_SNAPSHOT = 512 * 1024 * 1024;
    private static final long MILLI = 1_000_000;
    private static final long HEARTBEAT = 200 * MILLI;
    private static final long RESEND = 2000 * MILLI;
    /** A leader that no majority answers for this long leads no more. */
    private static final long QUORUM_LOST = 5000 * MILLI;
    /** While the leader was heard of this recently, nobody else is voted for. */
    private static final long LEADER_HEARD = 600 * MILLI;
    private static final int CAUGHT_UP_ENTRIES = 1000;
    /** How long a newcomer may take to catch up. */
    static final long CATCH_UP = 30_000 * MILLI;

    /** Terms, votes and messages. */
    interface Site {
        Address self();

        long term();

        /** Goes to a higher term, durably; nobody leads then. */
        void advanceTo(long term);

        /** Whom this node voted for in this term; null if for nobody. */
        Address voted();

        /** Votes, durably; at most once in a term. */
        void vote(Address candidate);

        /** @return null if unknown */
        Address leader();

        void follow(Address leader);

        /** Nobody leads, as far as this node knows. */
        void stepDown();

        void send(Address to, Frame frame);
    }

    /** What the log is about. */
    interface Machine {
        /** A committed command. */
        void apply(byte[] command, int offset, int length);

        /** From here on, no command that was proposed in an earlier term will be applied any more. */
        void termBegan(long term);

        /** A command that was proposed here will not be appended, now or later. @param full for lack of room */
        void notProposed(long number, boolean full);

        ByteBuffer snapshot();

        /** @param whole in the place of what was applied here, whose commands it may hold */
        void restore(ByteBuffer whole) throws DvsException;

        /** This node knew at {@code nanos} of its clock all that was agreed then, and has applied it. */
        void freshAt(long nanos);
    }

    /** A command that waits for room. */
    private record Waiting(Address from, long number, byte[] command) {
    }

    /** Answers a change of the voters. */
    @FunctionalInterface
    interface Answer {
        /** @param failure null if it was agreed */
        void done(DvsException failure);
    }

    /** A change of the voters under way. */
    private static final class Reconfiguration {
        private final boolean admit;
        private final String name;
        private final long deadline;
        private final Answer answer;
        /** Of its entry; 0 before it was appended. */
        private long index;

        Reconfiguration(boolean admit, String name, long deadline, Answer answer) {
            this.admit = admit;
            this.name = name;
            this.deadline = deadline;
            this.answer = answer;
        }
    }

    private final String selfName;
    private final DurableLog log;
    private final Voters voters;
    private final Machine machine;
    private final LongSupplier clock;
    private final long maxLogBytes;
    private final Ballot ballot;
    private final Map<Address, Peer> peers = new LinkedHashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Site site;
    private Map<Address, String> members = Map.of();
    private long bytesSinceSnapshot;

    // leading
    private long leadingTerm;
    private long firstOfTerm;
    private long ledSince;
    private long uncommittedBytes;
    private Reconfiguration reconfiguration;

    // following: what settle() will answer
    private Address answerTo;
    private long taken;
    private long leaderCommit;
    private long stamp;
    private long echo = Frame.NONE;
    private Address knownLeader;
    private long heardLeader;
    private byte[] arriving = new byte[0];
    private long arrivingIndex;
    private int arrived;

    /** @param maxLogBytes log that makes a snapshot worth while */
    Replica(String selfName, DurableLog log, Voters voters, Machine machine, LongSupplier clock, long maxLogBytes) {
        this.selfName = selfName;
        this.log = log;
        this.voters = voters;
        this.machine = machine;
        this.clock = clock;
        this.maxLogBytes = maxLogBytes;
        this.ballot = new Ballot(selfName, log, voters);
    }

    /** Applies what the log says was committed. @throws DvsException {@code LOGDAMAGED} */
    void load(Site surroundings) throws DvsException {
        site = surroundings;
        heardLeader = clock.getAsLong();
        ByteBuffer snapshot = log.getSnapshot();
        if (snapshot != null) {
            restore(snapshot, log.snapshotIndex());
        }
        long to = log.commitIndex();
        for (long index = log.snapshotIndex() + 1; index <= log.lastAppended(); index++) {
            LogEntry entry = log.get(index);
            appended(index, entry);
            if (index <= to) {
                apply(index, entry);
            }
        }
    }

    private void restore(ByteBuffer snapshot, long index) throws DvsException {
        voters.restart(index, Voters.decode(snapshot));
        machine.restore(snapshot.slice());
        bytesSinceSnapshot = 0;
    }

    boolean leading() {
        return leadingTerm != 0;
    }

    /** Nanoseconds since a leader was last heard of; 0 for the leader. */
    long leaderSilence() {
        return leading() ? 0 : clock.getAsLong() - heardLeader;
    }

    /** True if another pass is due without anything new. */
    boolean hasWork() {
        return leading() && !waiting.isEmpty() && hasRoom();
    }

    // ---------------------------------------------------------------------------------------------- who is there, who leads

    /** A new view. @param present all but this node, by address, those who came first first */
    void view(Map<Address, String> present) {
        members = present;
        peers.keySet().retainAll(present.keySet());
        if (leading()) {
            present.forEach(this::meet);
        }
    }

    private void meet(Address address, String name) {
        peers.computeIfAbsent(address, key -> new Peer(key, name, log.lastAppended() + 1, clock.getAsLong()));
    }

    /** Looks whether this node leads now, or leads no more. Called whenever the site may have changed its mind. */
    void leadership() {
        Address leader = site.leader();
        if (!Objects.equals(leader, knownLeader)) {
            knownLeader = leader;
            heardLeader = clock.getAsLong();
        }
        boolean leads = site.self().equals(leader);
        if (leading() && (!leads || leadingTerm != site.term())) {
            resign();
        }
        if (leads && !leading()) {
            lead();
        }
    }

    private void lead() {
        long now = clock.getAsLong();
        leadingTerm = site.term();
        ledSince = now;
        peers.clear();
        members.forEach(this::meet);
        uncommittedBytes = 0;
        answerTo = null;
        // an entry of its own, before anything is served; that it repeats the voters makes them known to whoever has none
        firstOfTerm = appendVoters(voters.names());
        LOG.info("{} leads {} in term {} from entry {} on", selfName, voters.names(), leadingTerm, firstOfTerm);
    }

    private long appendVoters(List<String> names) {
        long index = log.lastAppended() + 1;
        byte[] bytes = Voters.encode(names);
        LogEntry entry = new LogEntry(leadingTerm, bytes, 0, bytes.length, true);
        log.stage(index, entry);
        appended(index, entry);
        return index;
    }

    private void resign() {
        LOG.info("{} does not lead any more (term {})", selfName, leadingTerm);
        leadingTerm = 0;
        heardLeader = clock.getAsLong();
        peers.clear();
        refuseWaiting();
        if (reconfiguration != null) {
            endReconfiguration(reconfiguration.index == 0 ? new DvsException(ErrorCode.NOTREADY, selfName + " does not lead any more")
                    : new DvsException(ErrorCode.UNKNOWNOUTCOME, selfName + " lost its lead while the voters were changed"));
        }
    }

    private void refuseWaiting() {
        for (Waiting command : waiting) {
            refuse(command.from, command.number, false);
        }
        waiting.clear();
    }

    private void refuse(Address from, long number, boolean full) {
        if (from.equals(site.self())) {
            machine.notProposed(number, full);
        } else {
            site.send(from, new Frame.NotProposed(site.term(), number, full));
        }
    }

    // ------------------------------------------------------------------------------------------------------------- messages

    void receive(Address from, Frame frame) {
        if (frame.term() != site.term() || !leading() && !(frame instanceof Frame.Append)) {
            settle();
        }
        if (frame instanceof Frame.Candidate && hearsLeader()) {
            return; // a newcomer who has not heard of the leader yet, or one who does not vote any more: not worth a new term
        }
        if (frame.term() > site.term()) {
            site.advanceTo(frame.term());
            leadership();
        }
        if (frame instanceof Frame.Append append) {
            if (accepts(from, frame)) {
                append(from, append);
            } else {
                site.send(from, new Frame.Refused(site.term(), append.previousIndex(), 0));
            }
        } else if (frame instanceof Frame.Chunk chunk) {
            if (accepts(from, frame)) {
                chunk(from, chunk);
            } else {
                site.send(from, new Frame.Refused(site.term(), chunk.index(), 0));
            }
        } else if (frame instanceof Frame.Propose propose) {
            propose(from, propose.term(), propose.number(), propose.command());
        } else if (frame instanceof Frame.Reconfigure change) {
            reconfigure(change.admit(), change.name(), CATCH_UP, failure -> site.send(from, new Frame.Reconfigured(site.term(),
                    change.number(), failure == null ? 0 : failure.code().number(), failure == null ? "" : failure.getMessage())));
        } else if (frame instanceof Frame.Candidate candidate) {
            ballot.asked(site, from, candidate);
        } else if (frame instanceof Frame.Vote vote) {
            ballot.answered(site, members.getOrDefault(from, ""), vote);
            leadership();
        } else if (frame instanceof Frame.Resign) {
            if (frame.term() == site.term() && from.equals(site.leader())) {
                site.stepDown();
                leadership();
            }
        } else if (frame instanceof Frame.NotProposed refused) {
            machine.notProposed(refused.number(), refused.full());
        } else if (leading() && frame.term() == leadingTerm && peers.get(from) != null) {
            answered(peers.get(from), frame);
        }
    }

    private boolean hearsLeader() {
        Address leader = site.leader();
        return leader != null && !leading() && members.containsKey(leader) && leaderSilence() < LEADER_HEARD
                || leading() && clock.getAsLong() - confirmed() < LEADER_HEARD;
    }

    /** Stands as a candidate, after all is on disk. */
    void callElection() {
        settle();
        ballot.call(site, members);
        leadership();
    }

    private boolean accepts(Address from, Frame frame) {
        if (frame.term() < site.term()) {
            return false;
        }
        if (site.leader() == null) {
            site.follow(from);
            leadership();
        }
        boolean leader = from.equals(site.leader()) && !leading();
        if (!leader) {
            LOG.error("{} says it leads in term {}, but {} does", from, frame.term(), site.leader());
        }
        return leader;
    }

    // ------------------------------------------------------------------------------------------------------------ following

    private void append(Address from, Frame.Append append) {
        heardLeader = clock.getAsLong();
        long previous = append.previousIndex();
        if (previous > log.lastAppended()) {
            site.send(from, new Frame.Refused(site.term(), previous, log.lastAppended() + 1));
            return;
        }
        long itsTerm = log.term(previous);
        if (itsTerm != append.previousTerm() && (itsTerm >= 0 || previous > log.commitIndex())) {
            site.send(from, new Frame.Refused(site.term(), previous, firstOfTerm(previous, itsTerm)));
            return;
        }
        long index = previous;
        for (LogEntry entry : append.entries()) {
            index++;
            if (index <= log.lastAppended()) {
                if (index <= log.commitIndex() || log.term(index) == entry.term()) {
                    continue;
                }
                LOG.info("{} takes entries {} to {} away, which {} does not have", selfName, index, log.lastAppended(), from);
                log.deleteAllEntriesStartingFrom(index);
                voters.removedFrom(index);
                taken = Math.min(taken, index - 1);
            }
            log.stage(index, entry);
            appended(index, entry);
        }
        if (answerTo == null) {
            taken = index;
            leaderCommit = 0;
        }
        answerTo = from;
        taken = Math.max(taken, index);
        leaderCommit = Math.max(leaderCommit, append.commit());
        stamp = append.stamp();
        echo = append.echo();
    }

    /** Where the leader should try next: the first entry of the term that it does not have here. */
    private long firstOfTerm(long index, long term) {
        if (index <= log.commitIndex()) {
            throw new IllegalStateException("the leader contradicts what was committed, at entry " + index);
        }
        long first = index;
        while (first - 1 > log.commitIndex() && log.term(first - 1) == term) {
            first--;
        }
        return first;
    }

    private void appended(long index, LogEntry entry) {
        if (entry.internal()) {
            voters.appended(index, Voters.decode(ByteBuffer.wrap(entry.command(), entry.offset(), entry.length())));
        }
    }

    private void chunk(Address from, Frame.Chunk chunk) {
        heardLeader = clock.getAsLong();
        if (chunk.total() < 0 || chunk.total() > MAX_SNAPSHOT || chunk.offset() < 0
                || chunk.bytes().length > chunk.total() - chunk.offset()) {
            LOG.warn("{} sent a part of a snapshot that is out of its bounds", from);
            return;
        }
        if (chunk.index() <= log.commitIndex()) {
            answerSnapshot(from);
            return;
        }
        if (chunk.offset() == 0) {
            arriving = new byte[chunk.total()];
            arrivingIndex = chunk.index();
            arrived = 0;
        }
        if (chunk.index() == arrivingIndex && chunk.offset() == arrived && chunk.total() == arriving.length) {
            System.arraycopy(chunk.bytes(), 0, arriving, arrived, chunk.bytes().length);
            arrived += chunk.bytes().length;
        }
        if (arrivingIndex != chunk.index() || arrived < arriving.length) {
            site.send(from, new Frame.ChunkTaken(site.term(), chunk.index(), arrivingIndex == chunk.index() ? arrived : 0));
            return;
        }
        ByteBuffer whole = ByteBuffer.wrap(arriving);
        arriving = new byte[0];
        arrivingIndex = 0;
        try {
            log.installSnapshot(chunk.index(), chunk.indexTerm(), whole);
            restore(whole, chunk.index());
            for (long index = chunk.index() + 1; index <= log.lastAppended(); index++) {
                appended(index, log.get(index));
            }
        } catch (DvsException e) {
            throw new IllegalStateException("the leader's snapshot: " + e.getMessage(), e);
        }
        LOG.info("{} took the state after entry {} from {}", selfName, chunk.index(), from);
        answerSnapshot(from);
    }

    private void answerSnapshot(Address from) {
        site.send(from, new Frame.Taken(site.term(), log.commitIndex(), Frame.NONE, Frame.NONE));
    }

    // -------------------------------------------------------------------------------------------------------------- leading

    /** Appends a command if this node leads in that term and has room; else the machine of {@code from} hears that it was not. */
    void propose(Address from, long term, long number, byte[] command) {
        leadership();
        if (leadingTerm != term || waiting.size() >= WAITING) {
            refuse(from, number, leadingTerm == term);
        } else {
            waiting.addLast(new Waiting(from, number, command));
        }
    }

    private boolean hasRoom() {
        return log.lastAppended() - log.commitIndex() < UNCOMMITTED_ENTRIES && uncommittedBytes < UNCOMMITTED_BYTES;
    }

    /** Ends a pass. */
    void settle() {
        leadership();
        if (!leading()) {
            settleFollowing();
            return;
        }
        while (!waiting.isEmpty() && hasRoom()) {
            byte[] command = waiting.removeFirst().command;
            log.stage(log.lastAppended() + 1, new LogEntry(leadingTerm, command));
            uncommittedBytes += command.length;
        }
        // sent before it is forced here, so that all disks work at the same time; it counts here only when it is forced
        peers.values().forEach(this::feed);
        log.flush();
        advance();
    }

    private void settleFollowing() {
        log.flush();
        if (answerTo == null) {
            return;
        }
        Address leader = answerTo;
        answerTo = null;
        commitTo(Math.min(leaderCommit, taken));
        site.send(leader, new Frame.Taken(site.term(), taken, stamp, clock.getAsLong()));
        if (echo != Frame.NONE && log.commitIndex() >= leaderCommit) {
            machine.freshAt(echo);
        }
    }

    /** Commits what a majority has, and tells. */
    private void advance() {
        long agreed = agreed();
        if (agreed > log.commitIndex() && agreed >= firstOfTerm) {
            commitTo(agreed);
            if (!leading()) {
                return;
            }
            for (Peer peer : peers.values()) {
                if (peer.streaming && peer.commitSent < log.commitIndex() && peer.next > log.lastAppended()) {
                    sendEntries(peer, List.of(), 0);
                }
            }
        }
        if (log.commitIndex() >= firstOfTerm) {
            machine.freshAt(confirmed());
        }
        reconfigure();
    }

    /** Highest index that a majority of the voters has on disk. */
    private long agreed() {
        return quorum(log.durable(), peer -> peer.match, 0);
    }

    /** A moment at which a majority followed this leader. */
    private long confirmed() {
        long now = clock.getAsLong();
        return now + quorum(0, peer -> peer.stamp - now, Long.MIN_VALUE / 4);
    }

    /** The highest value that a majority of the voters has. */
    private long quorum(long own, ToLongFunction<Peer> others, long absent) {
        long[] values = new long[voters.names().size()];
        int count = 0;
        for (String name : voters.names()) {
            long value = name.equals(selfName) ? own : absent;
            for (Peer peer : peers.values()) {
                if (peer.name.equals(name) && !name.equals(selfName)) {
                    value = others.applyAsLong(peer); // the newest life of a node counts
                }
            }
            values[count++] = value;
        }
        Arrays.sort(values);
        return count == 0 ? absent : values[count - voters.majority()];
    }

    private void commitTo(long to) {
        for (long index = log.commitIndex() + 1; index <= to; index++) {
            LogEntry entry = log.get(index);
            apply(index, entry);
            log.commitIndex(index);
            uncommittedBytes = Math.max(0, uncommittedBytes - entry.length());
        }
        if (log.lastAppended() == log.commitIndex()) {
            uncommittedBytes = 0;
        }
        if (bytesSinceSnapshot >= maxLogBytes) {
            snapshot();
        }
        if (leading() && !voters.names().contains(selfName) && voters.index() <= log.commitIndex()) {
            reconfigure();
            giveUp();
        }
    }

    /** Leads no more, if it did, and says so. */
    void giveUp() {
        if (leading()) {
            peers.keySet().forEach(peer -> site.send(peer, new Frame.Resign(leadingTerm)));
            site.stepDown();
            leadership();
        }
    }

    private void apply(long index, LogEntry entry) {
        bytesSinceSnapshot += Frames.size(entry);
        if (entry.internal()) {
            voters.committed(index);
            machine.termBegan(entry.term());
        } else {
            machine.apply(entry.command(), entry.offset(), entry.length());
        }
    }

    /** Keeps the state after the last committed entry, so that the log before it can go. */
    void snapshot() {
        long index = log.commitIndex();
        if (index == log.snapshotIndex()) {
            return;
        }
        byte[] names = Voters.encode(voters.at(index));
        ByteBuffer state = machine.snapshot();
        log.saveSnapshot(index, ByteBuffer.allocate(names.length + state.remaining()).put(names).put(state).flip());
        bytesSinceSnapshot = 0;
    }

    // ------------------------------------------------------------------------------------------------- sending to one member

    private void feed(Peer peer) {
        if (peer.snapshot != null) {
            return;
        }
        if (!peer.streaming) {
            if (clock.getAsLong() - peer.lastSent > RESEND) {
                probe(peer);
            }
            return;
        }
        while (peer.next <= log.lastAppended() && peer.hasRoom()) {
            if (log.term(peer.next - 1) < 0) {
                startSnapshot(peer);
                return;
            }
            List<LogEntry> entries = new ArrayList<>();
            int bytes = 0;
            for (long index = peer.next; index <= log.lastAppended() && entries.size() < MESSAGE_ENTRIES; index++) {
                LogEntry entry = log.get(index);
                if (!entries.isEmpty() && bytes + entry.length() > MESSAGE_BYTES) {
                    break;
                }
                entries.add(entry);
                bytes += entry.length();
            }
            sendEntries(peer, entries, bytes);
        }
    }

    private void sendEntries(Peer peer, List<LogEntry> entries, int bytes) {
        long now = clock.getAsLong();
        long previous = peer.next - 1;
        long echoed = Frame.NONE;
        if (peer.clock != Frame.NONE && log.commitIndex() >= firstOfTerm) {
            echoed = peer.clock - Math.max(0, peer.clockHeard - confirmed());
        }
        site.send(peer.address, new Frame.Append(leadingTerm, previous, log.term(previous), log.commitIndex(), now, echoed, entries));
        peer.lastSent = now;
        peer.commitSent = log.commitIndex();
        if (!entries.isEmpty()) {
            if (!peer.waits()) {
                peer.lastProgress = now;
            }
            peer.next += entries.size();
            peer.sent(peer.next - 1, bytes);
        }
    }

    /** Asks whether both agree before {@link Peer#next}, or sends a snapshot if that is not known any more. */
    private void probe(Peer peer) {
        if (log.term(peer.next - 1) < 0) {
            startSnapshot(peer);
        } else {
            sendEntries(peer, List.of(), 0);
        }
    }

    private void startSnapshot(Peer peer) {
        peer.snapshot = peers.values().stream().filter(other -> other.snapshot != null && other.snapshotIndex == log.snapshotIndex())
                .map(other -> other.snapshot).findFirst().orElseGet(log::getSnapshot);
        peer.snapshotIndex = log.snapshotIndex();
        peer.snapshotTerm = log.snapshotTerm();
        peer.snapshotOffset = 0;
        LOG.info("{} sends the state after entry {} to {}", selfName, peer.snapshotIndex, peer.name);
        sendChunk(peer);
    }

    private void sendChunk(Peer peer) {
        byte[] bytes = new byte[Math.min(CHUNK_BYTES, peer.snapshot.limit() - peer.snapshotOffset)];
        peer.snapshot.get(peer.snapshotOffset, bytes);
        peer.lastSent = clock.getAsLong();
        peer.lastProgress = peer.lastSent;
        site.send(peer.address, new Frame.Chunk(leadingTerm, peer.snapshotIndex, peer.snapshotTerm, peer.snapshot.limit(),
                peer.snapshotOffset, bytes));
    }

    private void answered(Peer peer, Frame frame) {
        long now = clock.getAsLong();
        peer.lastHeard = now;
        if (frame instanceof Frame.Taken answer && answer.index() <= log.lastAppended()) {
            peer.taken(answer.index());
            peer.lastProgress = now;
            peer.match = Math.max(peer.match, answer.index());
            peer.next = Math.max(peer.next, peer.match + 1);
            if (answer.stamp() != Frame.NONE) {
                peer.stamp = Math.max(peer.stamp - now, answer.stamp() - now) + now;
            }
            if (answer.clock() != Frame.NONE) {
                peer.clock = answer.clock();
                peer.clockHeard = now;
            }
            if (peer.snapshot != null && peer.match >= peer.snapshotIndex) {
                peer.snapshot = null;
                peer.streaming = false;
            }
            if (!peer.streaming) {
                peer.streaming = true;
                peer.next = peer.match + 1;
            }
            feed(peer);
            advance();
        } else if (frame instanceof Frame.Refused answer && peer.snapshot == null
                && (peer.streaming || answer.previousIndex() == peer.next - 1)) {
            peer.probeFrom(Math.max(peer.match + 1, Math.min(Math.max(1, answer.hint()), answer.previousIndex())));
            probe(peer);
        } else if (frame instanceof Frame.ChunkTaken answer && peer.snapshot != null && answer.index() == peer.snapshotIndex
                && answer.offset() >= 0 && answer.offset() < peer.snapshot.limit()) {
            peer.snapshotOffset = answer.offset();
            sendChunk(peer);
        }
    }

    /** Heartbeats and deadlines. Called every few tens of milliseconds, at the end of a pass. */
    void tick() {
        leadership();
        if (!leading()) {
            return;
        }
        long now = clock.getAsLong();
        for (Peer peer : peers.values()) {
            if (peer.snapshot != null) {
                if (now - peer.lastProgress > RESEND) {
                    sendChunk(peer);
                }
            } else if (peer.waits() && now - peer.lastProgress > RESEND) {
                peer.lastProgress = now;
                peer.probeFrom(peer.match + 1);
                probe(peer);
            } else if (now - peer.lastSent >= HEARTBEAT) {
                probe(peer);
            }
        }
        advance();
        if (leading() && now - ledSince > QUORUM_LOST && now - confirmed() > QUORUM_LOST) {
            LOG.warn("{} has had no majority for {} ms and leads no more", selfName, QUORUM_LOST / MILLI);
            giveUp();
        }
    }

    // ------------------------------------------------------------------------------------------------------ change of voters

    /** Changes who votes, one at a time; a newcomer only after it has caught up. */
    void reconfigure(boolean admit, String name, long withinNanos, Answer answer) {
        leadership();
        DvsException refusal = null;
        boolean votes = voters.names().contains(name);
        if (!leading()) {
            refusal = new DvsException(ErrorCode.NOTREADY, selfName + " does not lead");
        } else if (reconfiguration != null) {
            refusal = new DvsException(ErrorCode.AGAIN, "the vote of " + reconfiguration.name + " is being changed");
        } else if (admit && !votes && peer(name) == null) {
            refusal = new DvsException(ErrorCode.BADNODEID, name + " is not in the view");
        } else if (admit && !votes && voters.names().size() >= Limits.VOTERS) {
            refusal = new DvsException(ErrorCode.TOOBIG, "at most " + Limits.VOTERS + " nodes may vote");
        } else if (!admit && !votes) {
            refusal = new DvsException(ErrorCode.BADNODEID, name + " does not vote");
        } else if (!admit && voters.names().size() == 1) {
            refusal = new DvsException(ErrorCode.INVAL, name + " is the last one who votes");
        } else if (admit == votes) {
            answer.done(null);
            return;
        }
        if (refusal != null) {
            answer.done(refusal);
            return;
        }
        reconfiguration = new Reconfiguration(admit, name, clock.getAsLong() + withinNanos, answer);
        reconfigure();
    }

    /** The newest life of a node. */
    private Peer peer(String name) {
        return peers.values().stream().filter(peer -> peer.name.equals(name)).reduce((first, second) -> second).orElse(null);
    }

    /** Takes the change under way as far as it can go now. */
    private void reconfigure() {
        if (reconfiguration == null) {
            return;
        }
        if (reconfiguration.index > 0) {
            if (reconfiguration.index <= log.commitIndex()) {
                endReconfiguration(null);
            }
        } else if (clock.getAsLong() - reconfiguration.deadline > 0) {
            endReconfiguration(new DvsException(ErrorCode.TIMEDOUT, reconfiguration.name + " did not catch up in time"));
        } else if (log.commitIndex() >= firstOfTerm && voters.index() <= log.commitIndex()
                && (!reconfiguration.admit || hasCaughtUp(peer(reconfiguration.name)))) {
            List<String> names = new ArrayList<>(voters.names());
            if (reconfiguration.admit) {
                names.add(reconfiguration.name);
            } else {
                names.remove(reconfiguration.name);
            }
            names.sort(Comparator.naturalOrder());
            reconfiguration.index = appendVoters(List.copyOf(names));
            LOG.info("{} proposes that {} vote, from entry {} on", selfName, names, reconfiguration.index);
        }
    }

    private boolean hasCaughtUp(Peer peer) {
        return peer != null && peer.streaming && peer.snapshot == null && log.lastAppended() - peer.match <= CAUGHT_UP_ENTRIES
                && clock.getAsLong() - peer.lastHeard < 2 * HEARTBEAT;
    }

    private void endReconfiguration(DvsException failure) {
        Reconfiguration ended = reconfiguration;
        reconfiguration = null;
        ended.answer.done(failure);
    }
}
