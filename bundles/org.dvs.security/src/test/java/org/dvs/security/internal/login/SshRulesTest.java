package org.dvs.security.internal.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.forward.ForwardingFilter;
import org.apache.sshd.server.forward.TcpForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.shell.ShellFactory;
import org.awaitility.Awaitility;
import org.dvs.testkit.Logged;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names finish the sentence "a server of SSH …". */
class SshRulesTest {
    private static final SshdSocketAddress THERE = new SshdSocketAddress("127.0.0.1", 22);
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int LINES = 200;
    private static final String LAST = "the session has ended";

    private final SshServer server = SshServer.setUpDefaultServer();
    private final SshClient client = SshClient.setUpDefaultClient();
    private final List<Socket> sockets = new ArrayList<>();
    private final CountDownLatch began = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        client.stop();
        server.stop(true);
    }

    @Test
    @Tag("R-CMD-18")
    void forwardsNothingOnceItHasBeenTold() {
        server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        new SshRules().addServer(server);
        ForwardingFilter filter = server.getForwardingFilter();
        for (TcpForwardingFilter.Type type : TcpForwardingFilter.Type.values()) {
            assertFalse(filter.canConnect(type, THERE, null), type.name());
        }
        assertEquals("false false false", filter.canListen(THERE, null) + " " + filter.canForwardAgent(null, "auth-agent") + " "
                + filter.canForwardX11(null, "x11"));
    }

    @Test
    void hasItsOwnShellsBackWhenTheRulesGoButForwardsNothing() {
        ShellFactory own = channel -> new Talker();
        server.setShellFactory(own);
        SshRules rules = new SshRules();
        rules.addServer(server);
        rules.removeServer(server);
        assertSame(own, server.getShellFactory());
        assertFalse(server.getForwardingFilter().canListen(THERE, null));
    }

    /** Without the rules about every third of these shells loses its end. */
    @Test
    @Tag("R-CMD-17")
    void sendsAllThatAShellHasSaidBeforeItCutsTheConnection() throws Exception {
        start();
        for (int i = 0; i < 20; i++) {
            try (ClientSession session = login()) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                try (ChannelShell shell = session.createShellChannel()) {
                    shell.setOut(out);
                    shell.open().verify(DEADLINE);
                    shell.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), DEADLINE);
                }
                String said = out.toString(StandardCharsets.UTF_8);
                assertEquals(LINES, said.lines().count(), said);
                assertTrue(said.endsWith(LAST), said);
            }
        }
    }

    @Test
    void endsAShellWhoseClientHasGone() throws Exception {
        start();
        try (ClientSession session = login(); ChannelShell shell = session.createShellChannel()) {
            shell.open().verify(DEADLINE);
            // What is under way when a connection is cut may be lost, also that a shell was asked for.
            assertTrue(began.await(DEADLINE.toSeconds(), TimeUnit.SECONDS));
            session.close(true).await(DEADLINE);
        }
        assertTrue(ended.await(DEADLINE.toSeconds(), TimeUnit.SECONDS));
    }

    /** Of strangers, who never log in. */
    @ParameterizedTest
    @CsvSource({"3, 50", "1000, 3"})
    @Tag("R-CMD-18")
    void closesAConnectionThatIsOneTooManyUntilAnotherHasGone(int inAll, int ofAnAddress) throws Exception {
        SshRules rules = new SshRules(inAll, ofAnAddress, address -> false);
        start(rules);
        for (int i = 0; i < 3; i++) {
            assertTrue(served());
        }
        String logged = Logged.during(() -> assertFalse(served()));
        assertEquals("", logged);
        sockets.get(0).close();
        Awaitility.await().atMost(DEADLINE).until(this::served);
        assertFalse(served());
        rules.removeServer(server);
        assertTrue(served(), "the limit is there as long as the rules");
    }

    @Test
    void doesNotLimitTheConnectionsOfThisMachineByThemselves() throws Exception {
        start(new SshRules(1000, 1, InetAddress::isLoopbackAddress));
        assertTrue(served());
        assertTrue(served());
    }

    @Test
    @Tag("R-CMD-18")
    void waitsHalfAMinuteForALogin() throws Exception {
        start();
        assertEquals(Duration.ofSeconds(30), CoreModuleProperties.AUTH_TIMEOUT.getRequired(server));
        CoreModuleProperties.AUTH_TIMEOUT.set(server, Duration.ofMillis(100));
        try (Socket stranger = connect()) {
            stranger.getInputStream().readAllBytes();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.getPort());
        socket.setSoTimeout((int) DEADLINE.toMillis());
        sockets.add(socket);
        return socket;
    }

    /** Whether the server says to a new connection who it is, or ends it; it stays open. */
    private boolean served() throws IOException {
        try {
            return connect().getInputStream().read() == 'S';
        } catch (SocketException e) {
            return false;
        }
    }

    private void start() throws IOException {
        start(new SshRules());
    }

    private void start(SshRules rules) throws IOException {
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
        server.setPasswordAuthenticator((user, password, session) -> true);
        server.setShellFactory(channel -> new Talker());
        rules.addServer(server);
        server.start();
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.start();
    }

    private ClientSession login() throws IOException {
        ClientSession session = client.connect("ron", "127.0.0.1", server.getPort()).verify(DEADLINE).getSession();
        session.addPasswordIdentity("any");
        session.auth().verify(DEADLINE);
        return session;
    }

    /** Ends as Karaf's shell does: says so, and cuts the connection in the same moment. */
    private final class Talker implements Command {
        private OutputStream out;
        private ExitCallback callback;

        @Override
        public void setInputStream(InputStream in) {
            // It only talks.
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream err) {
            // It only talks.
        }

        @Override
        public void setExitCallback(ExitCallback exit) {
            callback = exit;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            began.countDown();
            new Thread(() -> talk(channel), "talker").start();
        }

        private void talk(ChannelSession channel) {
            try {
                for (int i = 1; i < LINES; i++) {
                    say("line " + i + "\n");
                }
                say(LAST);
            } catch (IOException e) {
                // The client has gone.
            } finally {
                callback.onExit(0);
                channel.getServerSession().close(true);
                ended.countDown();
            }
        }

        private void say(String words) throws IOException {
            out.write(words.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        @Override
        public void destroy(ChannelSession channel) {
            // It ends by itself.
        }
    }
}
