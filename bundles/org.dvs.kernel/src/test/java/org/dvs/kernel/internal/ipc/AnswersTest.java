package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProxyPair;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that asks and does not take its answers. Names finish the sentence "the kernel …". */
@Tag("R-PXY-05")
class AnswersTest {
    private static final int PROCS = 70_000;
    private static final int CLIENT = 20;
    private static final int NOBODY = 21;
    private static final int NO_DC = 9;
    private static final int BYTES = 1000;
    /** As the other node may have asked for, its window and what is left of the copy before. */
    private static final int CHUNKS = 8;

    private final KernelCore kernel = new KernelCore(() -> 7, (ms, task) -> () -> { }, Runnable::run, 1);
    private ProxyPair pair;
    private long address;

    @BeforeEach
    void start() throws DvsException {
        DvsParameters dvs = new DvsParameters("dvs", 32, 32, PROCS, 35, 64, 65_536, 1_048_576, 0);
        kernel.dvsInit(1, "node1", dvs);
        pair = kernel.proxiesBind("pair", 0, BYTES, 100);
        kernel.nodeUp("node0", 0, 0);
        kernel.dcInit(DcSettings.of(0, "dc0", dvs));
        kernel.addNode(0, 0);
        kernel.rmtbind(0, CLIENT, "client", 0);
        AsyncEndpoint party = kernel.bindAsync(0, 10, "party", BindKind.SELF, LOCALNODE);
        address = party.memory().expose(ByteBuffer.allocate(BYTES));
        connect();
        party.receive(ANY, new Message(), Endpoint.FOREVER, rcode -> { });
    }

    private void connect() {
        pair.connectReceiver();
        pair.connectSender();
    }

    private static Command command(int code, int dc, int destination) {
        Command command = new Command();
        command.code = code;
        command.dcid = dc;
        command.source = CLIENT;
        command.destination = destination;
        command.destinationNode = 1;
        return command;
    }

    private void send(int dc, int times) {
        Command command = command(Command.SEND_MSG, dc, NOBODY);
        for (int i = 0; i < times; i++) {
            command.call = i + 1;
            pair.put2lcl(command);
        }
    }

    private int queued() throws DvsException {
        return kernel.proxy(0).queued();
    }

    private int takeAll() {
        Command command = new Command();
        int count = 0;
        while (pair.poll(command)) {
            count++;
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, NO_DC})
    void keepsNoMoreThanItMayAndSaysThatTheConnectionIsToEnd(int dc) throws DvsException {
        send(dc, Answers.MAX);
        assertFalse(pair.isOverrun());
        send(dc, 1000);
        assertTrue(pair.isOverrun());
        assertEquals(Answers.MAX, queued());
        pair.disconnectSender();
        assertEquals(0, queued());
        assertTrue(pair.isOverrun());
        connect();
        assertFalse(pair.isOverrun());
        send(dc, Answers.MAX);
        assertFalse(pair.isOverrun(), "all that was dropped has made room");
    }

    @Test
    void keepsAnyNumberForANodeThatTakesThem() {
        for (int i = 0; i < 3; i++) {
            send(0, Answers.MAX / 2);
            send(NO_DC, Answers.MAX / 2);
            assertEquals(Answers.MAX, takeAll());
        }
        assertFalse(pair.isOverrun());
    }

    @Test
    void asksForAsManyStubsAsThereAre() throws DvsException {
        EndpointNumbers numbers = kernel.dc(0).settings().numbers();
        for (int i = 100; i < PROCS; i++) {
            if (numbers.isSlot(i)) {
                kernel.autobind(0, i, "rclient", 0);
            }
        }
        takeAll();
        pair.disconnectSender();
        connect();
        assertTrue(queued() > Answers.MAX);
        assertFalse(pair.isOverrun());
    }

    private int copyOut(int call) {
        return copyOut(call, CLIENT, 0);
    }

    private int copyOut(int call, int requester, int requesterNode) {
        Command command = command(Command.COPYOUT_RQST, 0, 10);
        command.call = call;
        command.copySource = 10;
        command.copyRequester = requester;
        command.requesterNode = requesterNode;
        command.sourceAddress = address;
        command.bytes = BYTES;
        return pair.put2lcl(command);
    }

    @Test
    @Tag("R-PXY-08")
    void readsNoMoreOfAProgramThanTheOtherNodeTakes() {
        for (int i = 0; i < CHUNKS; i++) {
            assertEquals(0, copyOut(i % 2));
        }
        assertEquals(ErrorCode.BUSY.rcode(), copyOut(0));
        assertEquals(ErrorCode.BUSY.rcode(), copyOut(2), "a process has one copy at a time");
        Command taken = new Command();
        assertTrue(pair.poll(taken));
        assertEquals(BYTES, taken.payload.remaining());
        assertEquals(0, copyOut(1));
        assertEquals(ErrorCode.BUSY.rcode(), copyOut(1));
    }

    @Test
    @Tag("R-PXY-08")
    void countsByWhoAsksWhoeverItSaysThatItAsksFor() {
        for (int i = 0; i < CHUNKS; i++) {
            assertEquals(0, copyOut(1, CLIENT + i, i));
        }
        assertEquals(ErrorCode.BUSY.rcode(), copyOut(1, CLIENT + CHUNKS, 0));
        assertEquals(ErrorCode.BUSY.rcode(), copyOut(1, CLIENT, CHUNKS));
        Command taken = new Command();
        assertTrue(pair.poll(taken));
        assertEquals(0, copyOut(1, NOBODY, 0));
        assertEquals(ErrorCode.BUSY.rcode(), copyOut(1, CLIENT, 0));
    }

    @Test
    @Tag("R-PXY-08")
    void readsAgainWhatWasDropped() {
        for (int i = 0; i < CHUNKS; i++) {
            assertEquals(0, copyOut(1));
        }
        pair.disconnectSender();
        pair.connectSender();
        for (int i = 0; i < CHUNKS; i++) {
            assertEquals(0, copyOut(2));
        }
        assertEquals(ErrorCode.BUSY.rcode(), copyOut(2));
    }

    @Test
    @Tag("R-PXY-08")
    void countsNoChunkThatCouldNotBeRead() {
        address--;
        for (int i = 0; i < 2 * CHUNKS; i++) {
            assertEquals(0, copyOut(1));
        }
        address++;
        assertEquals(0, copyOut(1));
    }
}
