package org.dvs.cluster.jgroups.internal.agree;

import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.raft.ELECTION;
import org.jgroups.protocols.raft.RaftHeader;
import org.jgroups.protocols.raft.election.VoteResponse;

/**
 * The election of jgroups-raft, made to run on the thread that owns the log: a vote then says exactly what is on disk, and no
 * entry of the old term gets in between a vote and the new term.
 *
 * <p>ELECTION and not ELECTION2, because the latter's preliminary vote waits for all members of the view without a deadline; one
 * that has not opened its group yet would hold up all others.
 */
public final class GroupElection extends ELECTION {
    private static final short ID = 561;
    private static final long VOTE_TIMEOUT_MS = 500;

    static {
        ClassConfigurator.addProtocol(ID, GroupElection.class);
    }

    private CatchUpRaft group;

    GroupElection() {
        voteTimeout(VOTE_TIMEOUT_MS);
    }

    @Override
    public void init() throws Exception {
        super.init();
        group = (CatchUpRaft) raft;
    }

    @Override
    protected void handleView(View newView) {
        group.execute(() -> super.handleView(newView));
    }

    @Override
    protected void handleMessage(Message message, RaftHeader header) {
        if (header instanceof VoteResponse) {
            super.handleMessage(message, header);
        } else {
            group.execute(() -> super.handleMessage(message, header));
        }
    }

    @Override
    protected void runVotingProcess() {
        if (!group.mayCallElection()) {
            Thread.currentThread().interrupt(); // which is how the voting of the super class is ended
        }
        super.runVotingProcess();
    }
}
