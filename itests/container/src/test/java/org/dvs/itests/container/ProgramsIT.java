package org.dvs.itests.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The bundle of itests/sample-program, dropped in. Names finish the sentence "programs that are services …". */
@Tag("R-CMD-14")
class ProgramsIT extends ShippedNode {
    private static final int DC = 2;
    /** With a thread of its own. */
    private static final int ECHO = 10;
    /** Called with each message. */
    private static final int DOUBLER = 11;
    private static final int CLIENT = 20;
    private static final int UPDATES = 10;
    private static final long LIMIT_MS = 30_000;

    private final Map<ErrorCode, Integer> refused = new ConcurrentHashMap<>();
    private BundleContext context;
    private Kernel kernel;
    private Node node;
    private volatile boolean stopped;

    @BeforeEach
    void startADc(BundleContext here, Kernel local) throws Exception {
        context = here;
        kernel = local;
        node = new Node(here);
        node.runUntil(0, "node", "list");
        node.runUntil(1, "dvs", "info");
        assertEquals(0, node.run("dvs", "init").exit());
        assertEquals(0, node.run("dc", "init", "2").exit());
    }

    @AfterEach
    void end() throws Exception {
        Files.deleteIfExists(deployed());
        Await.until("the sample to go", () -> sample() == null);
        assertEquals(0, node.run("dvs", "end", "--yes").exit());
    }

    private static Path deployed() {
        return Path.of(System.getProperty("karaf.base"), "deploy", "programs.jar");
    }

    private void deploy() throws Exception {
        Path hidden = deployed().resolveSibling(".programs.jar.tmp");
        Files.copy(Path.of(System.getProperty("dvs.programs")), hidden, StandardCopyOption.REPLACE_EXISTING);
        Files.move(hidden, deployed(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Bundle sample() {
        for (Bundle bundle : context.getBundles()) {
            if ("org.dvs.sample.program".equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        return null;
    }

    private boolean bound(int endpoint) throws DvsException {
        return !kernel.process(DC, endpoint).isFree();
    }

    private void awaitBound(boolean bound) throws Exception {
        Await.until("both " + (bound ? "bound" : "unbound"), () -> bound(ECHO) == bound && bound(DOUBLER) == bound);
    }

    private static int ask(Endpoint self, int program, int number) throws IpcException {
        Message message = new Message(1).putInt(Message.M1_I1, number);
        self.sendrec(program, message, LIMIT_MS);
        return message.getInt(Message.M1_I1);
    }

    private static ErrorCode code(Endpoint self, int program) {
        return assertThrows(IpcException.class, () -> ask(self, program, 1)).code();
    }

    private Endpoint client(int endpoint) throws DvsException {
        return kernel.bind(DC, endpoint, "client", BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    @Test
    void haveTheirEndpointsAndAnswerWhileTheirBundleRuns() throws Exception {
        deploy();
        awaitBound(true);
        try (Endpoint self = client(CLIENT)) {
            assertEquals(7, ask(self, ECHO, 7));
            assertEquals(14, ask(self, DOUBLER, 7));
            String listed = node.run("proc", "list", "2").text();
            assertTrue(listed.contains("Echo") && listed.contains("doubler"), listed);

            sample().stop();
            assertTrue(!bound(ECHO) && !bound(DOUBLER), "unbound when it has stopped");
            assertEquals(ErrorCode.DEADSRCDST, code(self, ECHO));
            assertEquals(ErrorCode.DEADSRCDST, code(self, DOUBLER));

            sample().start();
            awaitBound(true);
            assertEquals(8, ask(self, ECHO, 8));
            assertEquals(16, ask(self, DOUBLER, 8));
        }
        // Its DC ends, and comes again: so do they.
        assertEquals(0, node.run("dc", "end", "2", "--yes").exit());
        node.run("dc", "init", "2");
        awaitBound(true);
    }

    /** Asks again and again; what it is told when there is no answer is counted, a wrong or missing answer fails. */
    private void asks(Endpoint self, int program, int factor) {
        for (int number = 1; !stopped; number++) {
            try {
                assertEquals(factor * number, ask(self, program, number));
            } catch (IpcException e) {
                refused.merge(e.code(), 1, Integer::sum);
            }
        }
    }

    @Test
    void areReplacedWhileProgramsAskThemAndNobodyHangs() throws Exception {
        deploy();
        awaitBound(true);
        try (Endpoint one = client(CLIENT); Endpoint other = client(CLIENT + 1)) {
            CompletableFuture<Void> asking = CompletableFuture.allOf(CompletableFuture.runAsync(() -> asks(one, ECHO, 1)),
                    CompletableFuture.runAsync(() -> asks(other, DOUBLER, 2)));
            // Until it was noticed, too.
            for (int i = 0; i < UPDATES || refused.isEmpty() && i < 10 * UPDATES; i++) {
                try (InputStream next = Files.newInputStream(Path.of(System.getProperty("dvs.programs")))) {
                    sample().update(next);
                }
                awaitBound(true);
            }
            stopped = true;
            asking.get(2 * LIMIT_MS, TimeUnit.MILLISECONDS);
            assertEquals(3, ask(one, ECHO, 3));
            assertEquals(6, ask(other, DOUBLER, 3));
        }
        Set<ErrorCode> told = EnumSet.of(ErrorCode.DEADSRCDST, ErrorCode.DSTDIED, ErrorCode.SRCDIED);
        assertTrue(told.containsAll(refused.keySet()) && !refused.isEmpty(), refused.toString());
    }
}
