package org.dvs.web.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

import org.awaitility.Awaitility;
import org.dvs.api.security.AddressLimit;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limit of connections … */
class ConnectionLimitTest {
    private final Server server = new Server();
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.stop();
    }

    @Test
    void closesTheOneTooManyAndTakesAnotherWhenOneHasGone() throws Exception {
        int port = start(new AddressLimit(3, address -> false));
        List<Socket> four = List.of(connect(port), connect(port), connect(port), connect(port));

        // They are opened on several threads, so any of the four may be the one too many.
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> closed(four).size() == 1);

        four.stream().filter(socket -> !closed(four).contains(socket)).findFirst().orElseThrow().close();
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> staysOpen(connect(port)));
    }

    @Test
    void doesNotCountTheExempt() throws Exception {
        int port = start(new AddressLimit(1, InetAddress::isLoopbackAddress));
        connect(port);
        assertThrows(SocketTimeoutException.class, () -> connect(port).getInputStream().read());
    }

    private static boolean staysOpen(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() != -1;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    private static List<Socket> closed(List<Socket> all) {
        List<Socket> closed = new ArrayList<>();
        for (Socket socket : all) {
            try {
                socket.setSoTimeout(100);
                if (!staysOpen(socket)) {
                    closed.add(socket);
                }
            } catch (IOException e) {
                closed.add(socket);
            }
        }
        return closed;
    }

    private int start(AddressLimit addresses) throws Exception {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(SSLContext.getDefault());
        HttpConnectionFactory http = new HttpConnectionFactory();
        ServerConnector connector = new ServerConnector(server, 1, 1, new SslConnectionFactory(tls, http.getProtocol()), http);
        connector.setHost("127.0.0.1");
        connector.addBean(new ConnectionLimit(addresses));
        server.addConnector(connector);
        server.start();
        return connector.getLocalPort();
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(1_000);
        sockets.add(socket);
        return socket;
    }
}
