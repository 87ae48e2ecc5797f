package org.dvs.cluster.jgroups.internal.agree;

import java.util.concurrent.CompletableFuture;

import org.jgroups.protocols.raft.RAFT;
import org.jgroups.raft.Options;

/** RAFT of jgroups-raft without its own ways to replicate, to read and to change the voters. */
abstract class BareRaft extends RAFT {
    @Override
    public void initStateMachineFromLog() {
        // the replica applies its log itself
    }

    @Override
    protected void createRequestTable() {
        // the replica keeps its own
    }

    @Override
    protected void createCommitTable() {
        // the replica keeps its own
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
