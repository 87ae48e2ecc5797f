package org.dvs.cluster.jgroups.internal.agree;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.AgreedState;
import org.jgroups.JChannel;

/**
 * One agreed group on a main channel. Thread-safe.
 *
 * <p>The main channel must be connected, must have FORK in its stack, and its address must be an {@code ExtendedUUID} that carries
 * the node's name under {@code RAFT.raft_id_key}.
 */
public final class Agreement implements AutoCloseable {

    private Agreement() {
    }

    /**
     * Opens the log, applies it, and joins the group. Blocks for reading the log, not for the network.
     *
     * @throws DvsException {@code LOGDAMAGED} with file and offset, {@code IO}, {@code NOSPC}, {@code RSCBUSY} when another
     *                      process has the folder
     */
    public static Agreement open(JChannel channel, AgreementOptions options) throws DvsException {
        throw new UnsupportedOperationException();
    }

    /** What the group has agreed. Stays readable after {@link #close()}. */
    public AgreedState state() {
        throw new UnsupportedOperationException();
    }

    /** Completes when a leader is known; exceptionally with a {@link DvsException} if the member stops before. */
    public CompletableFuture<Void> ready() {
        throw new UnsupportedOperationException();
    }

    /** Names of those who vote, as this node knows it. */
    public List<String> voters() {
        throw new UnsupportedOperationException();
    }

    /** Name of the leader, as this node knows it. */
    public Optional<String> leader() {
        throw new UnsupportedOperationException();
    }

    /**
     * Lets a member of the view vote, after it has caught up. Any node may ask.
     *
     * @return exceptionally: {@code BADNODEID} if it is not in the view, {@code NOTREADY} without a leader, {@code TIMEDOUT} if it
     *         does not catch up within 30 s, {@code AGAIN} while another change of the voters is under way
     */
    public CompletableFuture<Void> admit(String raftId) {
        throw new UnsupportedOperationException();
    }

    /** Takes a vote away. @return exceptionally: as {@link #admit}, and {@code INVAL} for the last voter */
    public CompletableFuture<Void> expel(String raftId) {
        throw new UnsupportedOperationException();
    }

    /** Why this member has stopped for good; empty while it works. */
    public Optional<DvsException> failure() {
        throw new UnsupportedOperationException();
    }

    /** Leaves the group within 5 s; the main channel stays as it is. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
