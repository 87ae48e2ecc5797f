package org.dvs.proxy.internal.link;

import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.Hello;

/** One connection as a link sees it. */
public interface Wire {
    /** Sends a HELLO. */
    void hello(Hello hello);

    /** Accepts the peer's HELLO. */
    void welcome(Hello hello);

    /** Tells the peer why and closes. Nothing of it comes any more, not even its end. */
    void end(Fault why);

    /** For people: where the peer is. */
    String where();
}
