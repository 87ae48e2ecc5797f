package org.dvs.cluster.jgroups.internal.agree;

import java.nio.ByteBuffer;

import org.dvs.api.DvsException;
import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.jgroups.protocols.raft.LogEntry;

/**
 * Takes entries from the log to the machine, in order, each once; keeps the list of voters in step; makes snapshots.
 * One thread.
 */
final class Committer {
    private final DurableLog log;
    private final Voters voters;
    private final Machine machine;
    private final long maxLogBytes;
    private long bytesSinceSnapshot;

    /** @param maxLogBytes log that makes a snapshot worth while */
    Committer(DurableLog log, Voters voters, Machine machine, long maxLogBytes) {
        this.log = log;
        this.voters = voters;
        this.machine = machine;
        this.maxLogBytes = maxLogBytes;
    }

    /** Applies what the log says was committed. @throws DvsException {@code LOGDAMAGED} */
    void load() throws DvsException {
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

    /** Stages an entry at the end of the log. @return its index */
    long append(LogEntry entry) {
        long index = log.lastAppended() + 1;
        log.stage(index, entry);
        appended(index, entry);
        return index;
    }

    private void appended(long index, LogEntry entry) {
        if (entry.internal()) {
            voters.appended(index, Voters.decode(ByteBuffer.wrap(entry.command(), entry.offset(), entry.length())));
        }
    }

    void removeFrom(long index) {
        log.deleteAllEntriesStartingFrom(index);
        voters.removedFrom(index);
    }

    /** @return bytes of the commands that were applied */
    long commitTo(long to) {
        boolean named = voters.agreedLog().known();
        long bytes = 0;
        for (long index = log.commitIndex() + 1; index <= to; index++) {
            LogEntry entry = log.get(index);
            apply(index, entry);
            log.commitIndex(index);
            bytes += entry.length();
        }
        if (!named && voters.agreedLog().known()) {
            // a node that has forgotten over a restart that this was agreed would take letters of other logs again
            log.keepCommitIndex();
        }
        if (bytesSinceSnapshot >= maxLogBytes) {
            snapshot();
        }
        return bytes;
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
        if (index > log.snapshotIndex()) {
            byte[] names = Voters.encode(voters.at(index));
            ByteBuffer state = machine.snapshot();
            log.saveSnapshot(index, ByteBuffer.allocate(names.length + state.remaining()).put(names).put(state).flip());
            bytesSinceSnapshot = 0;
        }
    }

    /** Takes a leader's snapshot in the place of all that was committed here. */
    void install(long index, long term, ByteBuffer whole) {
        try {
            log.installSnapshot(index, term, whole);
            restore(whole, index);
            for (long kept = index + 1; kept <= log.lastAppended(); kept++) {
                appended(kept, log.get(kept));
            }
        } catch (DvsException e) {
            throw new IllegalStateException("the leader's snapshot: " + e.getMessage(), e);
        }
    }
}
