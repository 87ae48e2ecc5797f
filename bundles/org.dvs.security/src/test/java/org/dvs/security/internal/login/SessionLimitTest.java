package org.dvs.security.internal.login;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.Session;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the limit of sessions …". */
class SessionLimitTest {
    private final List<Session> open = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final SessionLimit limit = new SessionLimit(() -> open, 1000, 2, InetAddress::isLoopbackAddress);

    @Test
    void takesANetworkOfIpv6ForOneAddress() throws Exception {
        come("2001:db8:0:7::1");
        come("2001:db8:0:7::2");
        come("2001:db8:0:7:8::3");
        come("2001:db8:0:8::1");
        come("203.0.113.1");
        come("203.0.113.2");
        come("203.0.113.3");
        for (int i = 0; i < 3; i++) {
            come("::1");
        }
        assertEquals(List.of("2001:db8:0:7:8::3"), closed);
    }

    private void come(String address) throws UnknownHostException {
        SocketAddress remote = new InetSocketAddress(InetAddress.getByName(address), 4711);
        IoSession io = (IoSession) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {IoSession.class},
                (proxy, method, arguments) -> remote);
        Session session = (Session) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Session.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getIoSession" -> io;
                    case "equals" -> proxy == arguments[0];
                    case "close" -> {
                        closed.add(address);
                        open.remove(proxy);
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        open.add(session);
        limit.sessionCreated(session);
    }
}
