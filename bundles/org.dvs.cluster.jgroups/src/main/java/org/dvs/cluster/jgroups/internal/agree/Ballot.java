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
 * <p>Before it goes to a new term, a node asks whether it would be voted for. One that hears less than the others, or was cut
 * off, would else come with a higher term and end the lead of whoever leads them, again and again.
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
    private final Set<String> supporters = new HashSet<>();
    private final Set<String> votes = new HashSet<>();
    private long canvassIn = -1;
    private long candidateIn;

    Ballot(String selfName, DurableLog log, Voters voters, Site site) {
        this.selfName = selfName;
        this.log = log;
        this.voters = voters;
        this.site = site;
    }

    /** Stands as a candidate in a new term, once a majority would vote for this node. @param others by address */
    void call(Map<Address, String> others) {
        if (!voters.mayLead(selfName)) {
            return;
        }
        canvassIn = site.term();
        supporters.clear();
        ask(others, new Frame.Canvass(canvassIn, log.lastAppended(), log.term(log.lastAppended())));
        supported(selfName, canvassIn, others);
    }

    private void ask(Map<Address, String> others, Frame question) {
        others.forEach((address, name) -> {
            if (voters.names().contains(name)) {
                site.send(address, question);
            }
        });
    }

    /** Would vote, or not. The term is the other one's by now, unless that was lower. */
    void canvassed(Address from, Frame.Canvass canvass) {
        boolean would = canvass.term() == site.term() && hasAll(canvass.lastIndex(), canvass.lastTerm());
        site.send(from, would ? new Frame.Support(site.term()) : new Frame.Vote(site.term(), false));
    }

    void supported(String from, long term, Map<Address, String> others) {
        if (term == canvassIn && site.term() == canvassIn && site.leader() == null) {
            supporters.add(from);
            if (majority(supporters)) {
                canvassIn = -1;
                stand(others);
            }
        }
    }

    private void stand(Map<Address, String> others) {
        site.advanceTo(site.term() + 1);
        site.vote(site.self());
        candidateIn = site.term();
        votes.clear();
        votes.add(selfName);
        long last = log.lastAppended();
        LOG.info("{} calls an election in term {}, its log ends with entry {}", selfName, candidateIn, last);
        ask(others, new Frame.Candidate(candidateIn, last, log.term(last)));
        count();
    }

    private boolean hasAll(long lastIndex, long lastTerm) {
        long last = log.lastAppended();
        long term = log.term(last);
        return lastTerm > term || lastTerm == term && lastIndex >= last;
    }

    private boolean majority(Set<String> names) {
        return voters.names().stream().filter(names::contains).count() >= voters.majority();
    }

    /** Votes, or not. The term is the candidate's by now, unless that was lower. */
    void asked(Address from, Frame.Candidate candidate) {
        boolean free = site.voted() == null || site.voted().equals(from);
        boolean votesFor = candidate.term() == site.term() && free && hasAll(candidate.lastIndex(), candidate.lastTerm())
                && site.leader() == null;
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
        if (majority(votes) && site.term() == candidateIn && site.leader() == null) {
            candidateIn = 0;
            site.follow(site.self());
        }
    }
}
