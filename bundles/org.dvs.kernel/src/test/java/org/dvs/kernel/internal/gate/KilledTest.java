package org.dvs.kernel.internal.gate;

import static org.awaitility.Awaitility.await;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.testkit.Background;
import org.dvs.testkit.KernelLoopback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes that are ended with SIGKILL in the middle of a call: they are unbound at once, and each peer is told as dvs-kernel
 * reference 9.3 says. Names finish the sentence "a process that is killed …".
 */
@Tag("R-CMD-14")
@Tag("R-PXY-08")
@Timeout(400)
class KilledTest {
    private static final long LIMIT_MS = 180_000;
    private static final int DC = 0;
    private static final int VICTIM = 10;
    private static final int SERVER = 11;

    @TempDir
    Path folder;
    private final List<AutoCloseable> closed = new ArrayList<>();
    private TestGate gate;

    @BeforeEach
    void open() throws Exception {
        gate = TestGate.patient(folder);
    }

    @AfterEach
    void shut() throws Exception {
        for (AutoCloseable each : closed) {
            each.close();
        }
        gate.close();
    }

    private static ErrorCode code(Executable call) {
        return assertThrows(DvsException.class, call).code();
    }

    /** A program in the container. */
    private Endpoint bind(int endpoint) throws DvsException {
        return bind(DC, endpoint);
    }

    private Endpoint bind(int dcid, int endpoint) throws DvsException {
        return gate.kernel.bind(dcid, endpoint, "p" + endpoint, BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    private Victim victim(int endpoint, Object... call) throws Exception {
        Victim victim = Victim.start(gate.socket, DC, endpoint, call);
        closed.add(0, victim);
        return victim;
    }

    private void awaitFlag(int number, int flag) {
        await().atMost(Duration.ofMillis(LIMIT_MS)).until(() -> (gate.kernel.process(DC, number).flags() & flag) != 0);
    }

    private void awaitGone(int number) {
        await().atMost(Duration.ofMillis(LIMIT_MS)).until(() -> gate.kernel.process(DC, number).isFree());
    }

    private interface Call {
        void by(Endpoint self) throws Exception;
    }

    /** Somebody who waits for the victim, and what that comes to; nothing if the wait is to end well. */
    private CompletableFuture<Void> waiting(int endpoint, int flag, ErrorCode expected, Call call) throws Exception {
        Endpoint self = bind(endpoint);
        CompletableFuture<Void> end = Background.run(() -> {
            if (expected == null) {
                call.by(self);
            } else {
                assertEquals(expected, code(() -> call.by(self)));
            }
        });
        awaitFlag(endpoint, flag);
        return end;
    }

    /** All who can wait for a process that takes nothing. */
    private List<CompletableFuture<Void>> everybodyWaits() throws Exception {
        return List.of(
                waiting(20, ProcessFlags.SENDING, ErrorCode.DSTDIED, self -> self.send(VICTIM, new Message(1), LIMIT_MS)),
                waiting(21, ProcessFlags.SENDING, ErrorCode.DSTDIED, self -> self.sendrec(VICTIM, new Message(1), LIMIT_MS)),
                waiting(22, ProcessFlags.RECEIVING, ErrorCode.SRCDIED, self -> self.receive(VICTIM, new Message(), LIMIT_MS)),
                waiting(23, ProcessFlags.WAITUNBIND, null, self -> self.wait4unbind(VICTIM, LIMIT_MS)));
    }

    private static void allTold(List<CompletableFuture<Void>> ends) throws Exception {
        for (CompletableFuture<Void> end : ends) {
            end.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void whileItSendsIsUnboundItsMessageWithdrawnAndAllWhoWaitAreTold() throws Exception {
        Endpoint server = bind(SERVER);
        Victim victim = victim(VICTIM, "send", SERVER);
        awaitFlag(VICTIM, ProcessFlags.SENDING);
        List<CompletableFuture<Void>> ends = everybodyWaits();
        victim.kill();
        awaitGone(VICTIM);
        allTold(ends);
        assertEquals(ErrorCode.AGAIN, code(() -> server.receive(ANY, new Message(), Endpoint.NOWAIT)));
        assertEquals(ErrorCode.DSTDIED, code(() -> server.send(VICTIM, new Message(1), LIMIT_MS)));
    }

    @Test
    void whileItReceivesIsUnboundAndAllWhoWaitAreTold() throws Exception {
        Endpoint server = bind(SERVER);
        Victim victim = victim(VICTIM, "receive", SERVER);
        awaitFlag(VICTIM, ProcessFlags.RECEIVING);
        List<CompletableFuture<Void>> ends = everybodyWaits();
        victim.kill();
        awaitGone(VICTIM);
        allTold(ends);
        assertEquals(ErrorCode.SRCDIED, code(() -> server.receive(VICTIM, new Message(), LIMIT_MS)));
        // The endpoint is free for the next one.
        victim(VICTIM, "receive", SERVER);
        server.send(VICTIM, new Message(1), LIMIT_MS);
    }

    @Test
    void withARequestUnansweredLeavesItsClientToldThatItDied() throws Exception {
        Victim victim = victim(VICTIM, "receive", ANY);
        awaitFlag(VICTIM, ProcessFlags.RECEIVING);
        CompletableFuture<Void> asked = waiting(20, ProcessFlags.RECEIVING, ErrorCode.SRCDIED,
                self -> self.sendrec(VICTIM, new Message(1), LIMIT_MS));
        assertEquals("done", victim.line());
        victim.kill();
        asked.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        assertEquals(0, gate.kernel.process(DC, 20).misc() & ProcessFlags.ATOMIC);
        awaitGone(VICTIM);
    }

    @Test
    void whileItAwaitsAnAnswerReleasesItsServer() throws Exception {
        Endpoint server = bind(SERVER);
        Victim victim = victim(VICTIM, "sendrec", SERVER);
        server.receive(ANY, new Message(), LIMIT_MS);
        assertEquals(ProcessFlags.NOMIGRATE, gate.kernel.process(DC, SERVER).misc() & ProcessFlags.NOMIGRATE);
        victim.kill();
        awaitGone(VICTIM);
        assertEquals(0, gate.kernel.process(DC, SERVER).misc() & ProcessFlags.NOMIGRATE);
        assertEquals(ErrorCode.DSTDIED, code(() -> server.reply(VICTIM, new Message(1), LIMIT_MS)));
    }

    @Test
    void takesItsNotificationsWithIt() throws Exception {
        Endpoint server = bind(SERVER);
        Victim victim = victim(VICTIM, "notify", SERVER);
        assertEquals("done", victim.line());
        victim.kill();
        awaitGone(VICTIM);
        assertEquals(ErrorCode.AGAIN, code(() -> server.receive(ANY, new Message(), Endpoint.NOWAIT)));
    }

    @Test
    void isToldToWhomItsDcWarns() throws Exception {
        gate.kernel.dcInit(new DcSettings(1, "warns", 221, 35, 64, 32, 5, 77, false));
        Endpoint warned = bind(1, 5);
        Victim victim = Victim.start(gate.socket, 1, VICTIM, "receive", ANY);
        closed.add(victim);
        victim.kill();
        Message message = new Message();
        warned.receive(ANY, message, LIMIT_MS);
        assertEquals(List.of(VICTIM, 77, -1, -1), List.of(message.source(), message.type(),
                message.getInt(Message.M1_I1), message.getInt(Message.M1_I2)));
        warned.reply(VICTIM, message, LIMIT_MS);
        await().atMost(Duration.ofMillis(LIMIT_MS)).until(() -> gate.kernel.process(1, VICTIM).isFree());
    }

    // ---- copies: frozen first, so that the copy stands still in its middle

    /** A copy from or to the victim, which does not outlive it; the end of its thread. */
    private static CompletableFuture<Void> copying(Endpoint copier, Victim victim, boolean source) {
        long own = copier.memory().expose(ByteBuffer.allocateDirect(Victim.BLOCK_BYTES));
        ErrorCode died = source ? ErrorCode.SRCDIED : ErrorCode.DSTDIED;
        return Background.run(() -> assertEquals(died, code(() -> {
            if (source) {
                copier.vcopy(VICTIM, victim.address, SELF, own, Victim.BLOCK_BYTES);
            } else {
                copier.vcopy(SELF, own, VICTIM, victim.address, Victim.BLOCK_BYTES);
            }
        })));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inTheMiddleOfACopyEndsIt(boolean source) throws Exception {
        Endpoint copier = bind(SERVER);
        Victim victim = victim(VICTIM, "receive", ANY);
        awaitFlag(VICTIM, ProcessFlags.RECEIVING);
        victim.freeze();
        CompletableFuture<Void> copied = copying(copier, victim, source);
        awaitFlag(SERVER, ProcessFlags.ONCOPY);
        awaitFlag(VICTIM, ProcessFlags.ONCOPY);
        victim.kill();
        copied.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        assertEquals(0, gate.kernel.process(DC, SERVER).flags());
        awaitGone(VICTIM);
    }

    @Test
    void inTheMiddleOfACopyThatItOrderedReleasesTheOtherOne() throws Exception {
        Endpoint server = bind(SERVER);
        Victim holder = victim(12, "receive", SERVER);
        awaitFlag(12, ProcessFlags.RECEIVING);
        holder.freeze();
        Victim victim = victim(VICTIM, "vcopy", 12, holder.address);
        awaitFlag(12, ProcessFlags.ONCOPY);
        victim.kill();
        awaitGone(VICTIM);
        assertEquals(ProcessFlags.RECEIVING, gate.kernel.process(DC, 12).flags());
        holder.goOn();
        server.send(12, new Message(1), LIMIT_MS);
        assertEquals("done", holder.line());
    }

    // ---- seen from another node

    private KernelCore otherNode() throws Exception {
        KernelCore other = gate.another();
        other.dvsInit(1, "node1", DvsParameters.DEFAULT);
        other.dcInit(DcSettings.of(DC, "dc0", DvsParameters.DEFAULT));
        closed.add(KernelLoopback.join(gate.kernel, other).start());
        KernelLoopback.members(DC, gate.kernel, other);
        other.rmtbind(DC, VICTIM, "victim", 0);
        return other;
    }

    private Endpoint afar(KernelCore other, int endpoint) throws DvsException {
        Endpoint bound = other.bind(DC, endpoint, "p" + endpoint, BindKind.SELF, EndpointNumbers.LOCALNODE);
        gate.kernel.rmtbind(DC, endpoint, "p" + endpoint, 1);
        return bound;
    }

    @Test
    void isToldToThoseOnOtherNodesToo() throws Exception {
        KernelCore other = otherNode();
        Endpoint sender = afar(other, 20);
        Endpoint asker = afar(other, 21);
        bind(SERVER);
        Victim victim = victim(VICTIM, "receive", SERVER);
        awaitFlag(VICTIM, ProcessFlags.RECEIVING);
        List<CompletableFuture<Void>> ends = List.of(
                Background.run(() -> assertEquals(ErrorCode.DSTDIED, code(() -> sender.send(VICTIM, new Message(1), LIMIT_MS)))),
                Background.run(() -> assertEquals(ErrorCode.DSTDIED,
                        code(() -> asker.sendrec(VICTIM, new Message(1), LIMIT_MS)))));
        awaitFlag(20, ProcessFlags.SENDING);
        awaitFlag(21, ProcessFlags.SENDING);
        victim.kill();
        allTold(ends);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inTheMiddleOfACopyWithAnotherNodeEndsIt(boolean source) throws Exception {
        KernelCore other = otherNode();
        Endpoint copier = afar(other, 20);
        Victim victim = victim(VICTIM, "receive", ANY);
        awaitFlag(VICTIM, ProcessFlags.RECEIVING);
        victim.freeze();
        CompletableFuture<Void> copied = copying(copier, victim, source);
        awaitFlag(VICTIM, ProcessFlags.ONCOPY);
        victim.kill();
        copied.get(LIMIT_MS, TimeUnit.MILLISECONDS);
        awaitGone(VICTIM);
        assertEquals(0, other.process(DC, 20).flags());
    }

    @Test
    void whileItMigratesTellsThoseWhoWaitedForThat() throws Exception {
        otherNode();
        Victim victim = victim(VICTIM, "receive", ANY);
        awaitFlag(VICTIM, ProcessFlags.RECEIVING);
        gate.kernel.migrateStart(DC, VICTIM);
        List<CompletableFuture<Void>> ends = List.of(
                waiting(20, ProcessFlags.WAITMIGR, ErrorCode.DSTDIED, self -> self.send(VICTIM, new Message(1), LIMIT_MS)),
                waiting(21, ProcessFlags.WAITMIGR, ErrorCode.DSTDIED, self -> self.sendrec(VICTIM, new Message(1), LIMIT_MS)));
        victim.kill();
        awaitGone(VICTIM);
        allTold(ends);
        assertEquals(ErrorCode.NOTBIND, code(() -> gate.kernel.migrateCommit(EndpointNumbers.NO_PID, DC, VICTIM, 1)));
    }
}
