package org.dvs.proxy.internal.link;

import org.dvs.proxy.internal.frame.Fault;

/** What a {@link Link} asks for. Called from within its methods. */
public interface LinkOwner {
    /** Connect: it ends in {@link Link#dialed} or {@link Link#dialFailed} with the same number. */
    void dial(long attempt);

    /** Both directions work from now on, over this connection alone. */
    void up(Wire wire, Agreement agreement);

    /** As {@link #up} over a connection that the version before has left: for the peer nothing has happened. */
    void resumed(Wire wire, Agreement agreement);

    /** Neither direction works any more. Nothing that still comes over the connection counts. */
    void down(Fault why);
}
