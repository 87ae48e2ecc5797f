package org.dvs.cluster.jgroups.internal.agree;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.jgroups.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elections as Raft has them: a candidate goes to a new term and leads when a majority of the voters, by the list in its own log,
 * has voted for it; a voter votes once in a term, and only for a log that has all that its own has. Votes are on disk before they
 * are given. A node whose own log takes its vote away stands nevertheless until that is agreed, see {@link Voters#mayLead}. One
 * thread; the log must have been settled before.
 *
 * <p>In the place of jgroups-raft's ELECTION and ELECTION2, which cannot be trusted with the log either: they vote on another
 * thread than the one that appends, count late votes of an earlier term, and let a coordinator count by a list of voters that is
 * older than the one in the log of the leader it chooses.
 */
final class Ballot {
    private static final Logger LOG = LoggerFactory.getLogger(Ballot.class);

    private final String selfName;
    private final DurableLog log;
    private final Voters voters;
    private final Site site;
    private final Set<String> votes = new HashSet<>();
    private long candidateIn;

    Ballot(String selfName, DurableLog log, Voters voters, Site site) {
        this.selfName = selfName;
        this.log = log;
        this.voters = voters;
        this.site = site;
    }

    /** Stands as a candidate in a new term. @param others by address */
    void call(Map<Address, String> others) {
        if (!voters.mayLead(selfName)) {
            return;
        }
        site.advanceTo(site.term() + 1);
        site.vote(site.self());
        candidateIn = site.term();
        votes.clear();
        votes.add(selfName);
        long last = log.lastAppended();
        LOG.info("{} calls an election in term {}, its log ends with entry {}", selfName, candidateIn, last);
        others.forEach((address, name) -> {
            if (voters.names().contains(name)) {
                site.send(address, new Frame.Candidate(candidateIn, last, log.term(last)));
            }
        });
        count();
    }

    /** Votes, or not. The term is the candidate's by now, unless that was lower. */
    void asked(Address from, Frame.Candidate candidate) {
        long last = log.lastAppended();
        long lastTerm = log.term(last);
        boolean hasAll = candidate.lastTerm() > lastTerm || candidate.lastTerm() == lastTerm && candidate.lastIndex() >= last;
        boolean free = site.voted() == null || site.voted().equals(from);
        boolean votesFor = candidate.term() == site.term() && hasAll && free && site.leader() == null;
        if (votesFor) {
            site.vote(from);
        }
        site.send(from, new Frame.Vote(site.term(), votesFor));
    }

    void answered(String from, Frame.Vote vote) {
        if (vote.given() && vote.term() == candidateIn) {
            votes.add(from);
            count();
        }
    }

    private void count() {
        long given = voters.names().stream().filter(votes::contains).count();
        if (given >= voters.majority() && site.term() == candidateIn && site.leader() == null) {
            candidateIn = 0;
            site.follow(site.self());
        }
    }
}
