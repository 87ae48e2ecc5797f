package org.dvs.cluster.jgroups.internal.agree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.jgroups.Address;
import org.jgroups.protocols.raft.LogEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One time of leading, in one term: takes commands, sends them to each member at its own pace, and commits what a majority has on
 * disk. One thread.
 *
 * <p>Closed here (dvs raft reference, defects): 2 catching up does not wait for an idle moment; 6 what is under way is bounded;
 * 7 it begins with an entry of its own, and only entries of its own term are committed by counting; 9 the commit index is sent on
 * at once.
 */
final class Leading {
    private static final Logger LOG = LoggerFactory.getLogger(Leading.class);
    private static final int MESSAGE_BYTES = 1024 * 1024;
    private static final int MESSAGE_ENTRIES = 512;
    private static final int UNCOMMITTED_ENTRIES = 256;
    private static final int UNCOMMITTED_BYTES = 4 * 1024 * 1024;
    private static final int WAITING = 4096;
    private static final long MILLI = 1_000_000;
    private static final long HEARTBEAT = 200 * MILLI;
    /** Of a member without a vote that has all: it counts for nothing, and hears of what is new at once. */
    private static final long LEARNER_HEARTBEAT = 600 * MILLI;
    private static final long RESEND = 2000 * MILLI;
    /** A leader that no majority answers for this long leads no more. */
    private static final long QUORUM_LOST = 5000 * MILLI;
    private static final int CAUGHT_UP_ENTRIES = 1000;

    /** A command that waits for room. */
    private record Waiting(Address from, long number, byte[] command) {
    }

    private final String selfName;
    private final DurableLog log;
    private final Voters voters;
    private final Committer committer;
    private final Machine machine;
    private final Site site;
    private final long term;
    private final long firstOfTerm;
    private final long since;
    private final Map<Address, Peer> peers = new LinkedHashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Reconfiguration reconfiguration;
    private long uncommittedBytes;

    /** @param members all but this node, by address, those who came first first */
    Leading(String selfName, DurableLog log, Voters voters, Committer committer, Machine machine, Site site,
            Map<Address, String> members) {
        this.selfName = selfName;
        this.log = log;
        this.voters = voters;
        this.committer = committer;
        this.machine = machine;
        this.site = site;
        this.term = site.term();
        this.since = site.nanos();
        this.reconfiguration = new Reconfiguration(selfName, voters, this::hasCaughtUp, this::appendVoters);
        view(members);
        // an entry of its own, before anything is served; that it repeats the voters makes them known to whoever has none
        this.firstOfTerm = appendVoters(voters.names());
        LOG.info("{} leads {} in term {} from entry {} on", selfName, voters.names(), term, firstOfTerm);
    }

    private long appendVoters(List<String> names) {
        return appendVoters(new Voters.Listing(names, voters.log()));
    }

    private long appendVoters(Voters.Listing listing) {
        byte[] bytes = Voters.encode(listing);
        return committer.append(new LogEntry(term, bytes, 0, bytes.length, true));
    }

    long term() {
        return term;
    }

    void view(Map<Address, String> members) {
        peers.keySet().retainAll(members.keySet());
        members.forEach((address, name) -> peers.computeIfAbsent(address,
                key -> new Peer(key, name, log.lastAppended() + 1, site.nanos())));
    }

    /** Ends it, after it was taken away or given up. */
    void end() {
        LOG.info("{} does not lead any more (term {})", selfName, term);
        waiting.forEach(command -> refuse(site, machine, command.from, command.number));
        waiting.clear();
        reconfiguration.lost();
    }

    /** Tells all that it is over, from its own will. */
    void resign() {
        peers.keySet().forEach(peer -> site.send(peer, new Frame.Resign(term)));
    }

    /** Tells whoever proposed a command that it is not appended. */
    static void refuse(Site site, Machine machine, Address from, long number) {
        if (from.equals(site.self())) {
            machine.notProposed(number);
        } else {
            site.send(from, new Frame.NotProposed(site.term(), number));
        }
    }

    // ------------------------------------------------------------------------------------------------------------- commands

    void propose(Address from, long number, byte[] command) {
        if (waiting.size() >= WAITING) {
            refuse(site, machine, from, number);
        } else {
            waiting.addLast(new Waiting(from, number, command));
        }
    }

    /** True if another pass is due without anything new. */
    boolean hasWork() {
        return !waiting.isEmpty() && hasRoom();
    }

    private boolean hasRoom() {
        return log.lastAppended() - log.commitIndex() < UNCOMMITTED_ENTRIES && uncommittedBytes < UNCOMMITTED_BYTES;
    }

    /** Appends what there is room for, sends it, and puts it on disk with one force. */
    void settle() {
        while (hasWork()) {
            byte[] command = waiting.removeFirst().command;
            committer.append(new LogEntry(term, command));
            uncommittedBytes += command.length;
        }
        // sent before it is forced here, so that all disks work at the same time; it counts here only when it is forced
        peers.values().forEach(this::feed);
        log.flush();
        advance();
    }

    // ------------------------------------------------------------------------------------------------------------- counting

    /** Commits what a majority has, and tells. */
    private void advance() {
        long agreed = quorum(log.durable(), peer -> peer.match, 0);
        if (agreed > log.commitIndex() && agreed >= firstOfTerm) {
            uncommittedBytes = Math.max(0, uncommittedBytes - committer.commitTo(agreed));
            for (Peer peer : peers.values()) {
                if (peer.streaming && peer.commitSent < log.commitIndex() && peer.next > log.lastAppended()) {
                    sendEntries(peer, List.of(), 0);
                }
            }
        }
        if (servesOwnTerm()) {
            machine.freshAt(confirmed());
        }
        reconfiguration.goOn(site.nanos(), log.commitIndex(), servesOwnTerm());
    }

    private boolean servesOwnTerm() {
        return log.commitIndex() >= firstOfTerm;
    }

    /** True when the voters have agreed that this node does not vote any more. */
    boolean isExpelled() {
        return !voters.names().contains(selfName) && voters.index() <= log.commitIndex();
    }

    /** A moment at which a majority followed this leader. */
    long confirmed() {
        long now = site.nanos();
        return now + quorum(0, peer -> peer.stamp - now, Long.MIN_VALUE / 4);
    }

    /** The highest value that a majority of the voters has. */
    private long quorum(long own, ToLongFunction<Peer> others, long absent) {
        long[] values = new long[voters.names().size()];
        int count = 0;
        for (String name : voters.names()) {
            Peer peer = name.equals(selfName) ? null : peer(name);
            values[count++] = peer != null ? others.applyAsLong(peer) : name.equals(selfName) ? own : absent;
        }
        Arrays.sort(values);
        return count == 0 ? absent : values[count - voters.majority()];
    }

    /** The newest life of a node; null if it is not there. */
    private Peer peer(String name) {
        Peer newest = null;
        for (Peer peer : peers.values()) {
            newest = peer.name.equals(name) ? peer : newest;
        }
        return newest;
    }

    // ------------------------------------------------------------------------------------------------- sending to one member

    private void feed(Peer peer) {
        if (peer.snapshot != null) {
            return;
        }
        if (!peer.streaming) {
            if (site.nanos() - peer.lastSent > RESEND) {
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
        long now = site.nanos();
        long previous = peer.next - 1;
        long echoed = Frame.NONE;
        if (peer.clock != Frame.NONE && servesOwnTerm()) {
            echoed = peer.clock - Math.max(0, peer.clockHeard - confirmed());
        }
        site.send(peer.address, new Frame.Append(term, previous, log.term(previous), log.commitIndex(), now, echoed, entries));
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
        peer.snapshot = peers.values().stream()
                .filter(other -> other.snapshot != null && other.snapshotIndex == log.snapshotIndex())
                .map(other -> other.snapshot).findFirst().orElseGet(log::getSnapshot);
        peer.snapshotIndex = log.snapshotIndex();
        peer.snapshotTerm = log.snapshotTerm();
        peer.snapshotOffset = 0;
        LOG.info("{} sends the state after entry {} to {}", selfName, peer.snapshotIndex, peer.name);
        sendChunk(peer);
    }

    private void sendChunk(Peer peer) {
        byte[] bytes = new byte[Math.min(Frames.CHUNK_BYTES, peer.snapshot.limit() - peer.snapshotOffset)];
        peer.snapshot.get(peer.snapshotOffset, bytes);
        peer.lastSent = site.nanos();
        peer.lastProgress = peer.lastSent;
        site.send(peer.address, new Frame.Chunk(term, peer.snapshotIndex, peer.snapshotTerm, peer.snapshot.limit(),
                peer.snapshotOffset, bytes));
    }

    /** An answer of a member to this leader of this term. */
    void answered(Address from, Frame frame) {
        Peer peer = peers.get(from);
        if (peer == null) {
            return;
        }
        peer.lastHeard = site.nanos();
        if (frame instanceof Frame.Able) {
            peer.able = true;
        } else if (frame instanceof Frame.Taken answer && answer.index() <= log.lastAppended()) {
            taken(peer, answer);
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

    private void taken(Peer peer, Frame.Taken answer) {
        long now = site.nanos();
        peer.lastProgress = now;
        peer.taken(answer.index());
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
    }

    /** Heartbeats and deadlines. Called every few tens of milliseconds. @return false if it should lead no more */
    boolean tick() {
        long now = site.nanos();
        for (Peer peer : peers.values()) {
            if (peer.snapshot != null) {
                if (now - peer.lastProgress > RESEND) {
                    sendChunk(peer);
                }
            } else if (peer.waits() && now - peer.lastProgress > RESEND) {
                peer.lastProgress = now;
                peer.probeFrom(peer.match + 1);
                probe(peer);
            } else if (now - peer.lastSent >= heartbeat(peer)) {
                probe(peer);
            }
        }
        advance();
        nameLog();
        if (now - since > QUORUM_LOST && now - confirmed() > QUORUM_LOST) {
            LOG.warn("{} has had no majority for {} ms and leads no more", selfName, QUORUM_LOST / MILLI);
            return false;
        }
        return true;
    }

    /**
     * Has a name of the log agreed if it has none. Not before all voters and all others who follow, or may be about to,
     * understand it: whoever does not would understand nothing more.
     */
    private void nameLog() {
        boolean settled = servesOwnTerm() && voters.index() <= log.commitIndex();
        long now = site.nanos();
        if (settled && !voters.log().known() && peers.values().stream().allMatch(peer -> peer.able || peer.ignores(now))
                && voters.names().stream().allMatch(name -> name.equals(selfName) || peer(name) != null && peer(name).able)) {
            LogId name = LogId.random();
            long index = appendVoters(new Voters.Listing(voters.names(), name));
            LOG.info("{} names the log {}, from entry {} on", selfName, name, index);
        }
    }

    private long heartbeat(Peer peer) {
        return peer.streaming && !voters.names().contains(peer.name) ? LEARNER_HEARTBEAT : HEARTBEAT;
    }

    // ------------------------------------------------------------------------------------------------------ change of voters

    void reconfigure(boolean admit, String name, long withinNanos, Reconfiguration.Answer answer) {
        reconfiguration.ask(admit, name, peer(name) != null, site.nanos() + withinNanos, answer);
        reconfiguration.goOn(site.nanos(), log.commitIndex(), servesOwnTerm());
    }

    private boolean hasCaughtUp(String name) {
        Peer peer = peer(name);
        return peer != null && peer.streaming && peer.snapshot == null && log.lastAppended() - peer.match <= CAUGHT_UP_ENTRIES
                && site.nanos() - peer.lastHeard < 2 * heartbeat(peer);
    }
}
