package org.dvs.security.internal.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.ForwardingFilter;
import org.apache.sshd.server.forward.TcpForwardingFilter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the server of SSH …". */
@Tag("R-CMD-18")
class NoForwardingTest {
    private static final SshdSocketAddress THERE = new SshdSocketAddress("127.0.0.1", 22);

    @Test
    void forwardsNothingOnceItsFilterIsTold() throws Exception {
        ForwardingFilter filter = new AcceptAllForwardingFilter();
        assertTrue(filter.canListen(THERE, null));
        NoForwarding.refuse((AcceptAllForwardingFilter) filter);
        for (TcpForwardingFilter.Type type : TcpForwardingFilter.Type.values()) {
            assertFalse(filter.canConnect(type, THERE, null), type.name());
        }
        assertEquals("false false false", filter.canListen(THERE, null) + " " + filter.canForwardAgent(null, "auth-agent") + " "
                + filter.canForwardX11(null, "x11"));
    }

    @Test
    void forwardsNothingFromTheStartOfTheComponentOn() throws Exception {
        new NoForwarding();
        assertFalse(AcceptAllForwardingFilter.INSTANCE.canListen(THERE, null));
    }
}
