package org.dvs.cluster.jgroups.internal.agree;

import org.dvs.cluster.jgroups.internal.log.DurableLog;
import org.jgroups.Address;

/** A site whose term and vote are those of a log, as a node's are. */
abstract class LogSite implements Site {
    Address leader;

    abstract DurableLog log();

    @Override
    public long term() {
        return log().currentTerm();
    }

    @Override
    public void advanceTo(long term) {
        log().currentTerm(term);
        leader = null;
    }

    @Override
    public Address voted() {
        return log().votedFor();
    }

    @Override
    public void vote(Address candidate) {
        log().votedFor(candidate);
    }

    @Override
    public Address leader() {
        return leader;
    }

    @Override
    public void follow(Address who) {
        leader = who;
    }

    @Override
    public void stepDown() {
        leader = null;
    }
}
