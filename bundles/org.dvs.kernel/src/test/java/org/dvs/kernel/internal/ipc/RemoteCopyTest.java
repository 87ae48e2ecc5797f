package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProxyPair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * vcopy between nodes: the table of dvs-kernel reference 13, and the six cases of upstream-results 9.3. The requester is on node
 * 0; everybody else waits in a receive.
 */
@Tag("R-CMD-14")
@Tag("R-PXY-08")
class RemoteCopyTest {
    private static final int MAX = 65_536;

    /** As many system processes as there are endpoints here. */
    private final Nodes nodes = new Nodes(3, new DvsParameters("dvs", 32, 32, 221, 35, 128, MAX, 1_048_576, 0), dc -> dc);
    private final Program requester = nodes.bind(0, 10);
    /** Two programs of each node: 20, 21 on node 0; 30, 31 on node 1; 40, 41 on node 2. */
    private final Program[][] programs = new Program[3][2];

    RemoteCopyTest() throws DvsException {
        for (int node = 0; node < 3; node++) {
            for (int i = 0; i < 2; i++) {
                programs[node][i] = nodes.bind(node, 20 + 10 * node + i);
                programs[node][i].receive();
            }
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private Program program(int number) {
        return number == 10 ? requester : programs[number / 10 - 2][number % 10];
    }

    private static int endpoint(int number) {
        return number == 10 ? SELF : number;
    }

    private int commandsDelivered(int code) {
        int count = 0;
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                if (a != b) {
                    count += (int) nodes.link(a, b).delivered(b).stream().filter(c -> c == code).count();
                }
            }
        }
        return count;
    }

    @ParameterizedTest(name = "{0}: from {1} to {2}")
    @CsvSource({"vcopy1,30,10", "vcopy1a,10,30", "vcopy3,30,31", "vcopy3a,20,30", "vcopy3b,30,20", "vcopy4,30,40",
                "vcopy3a on one node,20,21"})
    void allCasesCopyEveryByteInChunks(String name, int from, int to) throws DvsException {
        for (int length : new int[] {1, MAX, MAX + 1, 1_048_576}) {
            byte[] data = random(length);
            ByteBuffer there = ByteBuffer.allocate(length + 10);
            long source = program(from).expose(ByteBuffer.wrap(data));
            long destination = program(to).expose(there);
            Heard copied = requester.vcopy(endpoint(from), source, endpoint(to), destination + 10, length);
            nodes.settle();
            copied.ends(length);
            byte[] arrived = new byte[length];
            there.get(10, arrived);
            assertArrayEquals(data, arrived, name + " of " + length);
            assertEquals(0, there.get(9), "a byte before");
        }
        assertEquals(0, requester.info().flags());
        assertEquals(ProcessFlags.RECEIVING, programs[1][0].info().flags());
        assertEquals(from == 10 ? 4 : 0, requester.info().rmtCopy());
        assertEquals(0, requester.info().lclCopy());
    }

    @ParameterizedTest(name = "from {0} to {1}: {2}, {3}, {4}")
    @CsvSource({"10,30,5,2005,0", "30,10,6,2006,0", "30,31,7,2007,0", "30,40,8,9,2008"})
    void eachCaseTakesTheCommandsOfTheTable(int from, int to, String first, String second, String third) {
        long source = program(from).expose(ByteBuffer.wrap(random(100)));
        long destination = program(to).expose(ByteBuffer.allocate(100));
        Heard copied = requester.vcopy(endpoint(from), source, endpoint(to), destination, 100);
        nodes.settle();
        copied.ends(100);
        assertEquals(List.of(Integer.parseInt(first, 16)), nodes.link(0, 1).delivered(1));
        if (third.equals("0")) {
            assertEquals(List.of(Integer.parseInt(second, 16)), nodes.link(0, 1).delivered(0));
        } else {
            assertEquals(List.of(), nodes.link(0, 1).delivered(0));
            assertEquals(List.of(Integer.parseInt(second, 16)), nodes.link(1, 2).delivered(2));
            assertEquals(List.of(Integer.parseInt(third, 16)), nodes.link(0, 2).delivered(0));
        }
    }

    @Test
    void chunksAreAsLargeAsThePairAllows() {
        long source = programs[1][0].expose(ByteBuffer.allocate(3 * MAX + 1));
        long mine = requester.expose(ByteBuffer.allocate(3 * MAX + 1));
        requester.vcopy(30, source, SELF, mine, 3 * MAX + 1);
        nodes.settle();
        assertEquals(4, commandsDelivered(Command.COPYOUT_DATA));
        assertEquals(1, nodes.link(0, 1).last(0).payload.remaining());
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({"10,30", "30,10", "30,31", "30,40", "20,30", "30,20"})
    void aFaultAnywhereEndsTheCopyWithFault(int from, int to) throws DvsException {
        long source = program(from).expose(ByteBuffer.allocate(100));
        long destination = program(to).expose(ByteBuffer.allocate(100));
        Heard beyondSource = requester.vcopy(endpoint(from), source + 50, endpoint(to), destination, 100);
        nodes.settle();
        beyondSource.fails(ErrorCode.FAULT);
        Heard beyondDestination = requester.vcopy(endpoint(from), source, endpoint(to), destination + 50, 100);
        nodes.settle();
        beyondDestination.fails(ErrorCode.FAULT);
        Heard good = requester.vcopy(endpoint(from), source, endpoint(to), destination, 100);
        nodes.settle();
        good.ends(100);
        assertEquals(ProcessFlags.RECEIVING, programs[1][1].info().flags());
        assertEquals(ProcessFlags.RECEIVING, programs[2][0].info().flags());
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({"10,30", "30,10", "30,31", "31,30", "30,40", "40,30"})
    void aPartyThatDoesNotWaitEndsTheCopyWithProcsts(int from, int to) throws DvsException {
        nodes.bind(0, 11).send(30, 1);
        nodes.settle();
        long source = program(from).expose(ByteBuffer.allocate(10));
        long destination = program(to).expose(ByteBuffer.allocate(10));
        Heard copied = requester.vcopy(endpoint(from), source, endpoint(to), destination, 10);
        nodes.settle();
        copied.fails(ErrorCode.PROCSTS);
        assertEquals(0, requester.info().flags());
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({"30,10,SRCDIED", "10,30,DSTDIED", "30,31,SRCDIED", "31,30,DSTDIED", "30,40,SRCDIED", "40,30,DSTDIED"})
    void aPartyThatHasEndedIsTold(int from, int to, ErrorCode code) {
        long source = program(from).expose(ByteBuffer.allocate(10));
        long destination = program(to).expose(ByteBuffer.allocate(10));
        programs[1][0].close();
        Heard copied = requester.vcopy(endpoint(from), source, endpoint(to), destination, 10);
        nodes.settle();
        copied.fails(code);
    }

    @Test
    void bytesAreThoseOfTheMomentOfTheCopy() throws DvsException {
        byte[] data = random(100);
        byte[] before = data.clone();
        ByteBuffer mine = ByteBuffer.allocate(100);
        Heard copied = requester.vcopy(30, programs[1][0].expose(ByteBuffer.wrap(data)), SELF, requester.expose(mine), 100);
        nodes.link(0, 1).hold(0);
        nodes.settle();
        // The source goes on with a message, and changes its memory before the bytes have arrived.
        nodes.bind(1, 50).send(30, 1).ok();
        assertEquals(0, programs[1][0].info().flags());
        Arrays.fill(data, (byte) 0);
        nodes.link(0, 1).release(0);
        nodes.settle();
        copied.ends(100);
        assertArrayEquals(before, mine.array());
    }

    @Test
    void aMessageThatEndsAPartysWaitIsToldAfterTheCopy() throws DvsException {
        Program party = nodes.bind(0, 25);
        Heard received = party.receive();
        long source = party.expose(ByteBuffer.wrap(random(100)));
        long destination = programs[1][0].expose(ByteBuffer.allocate(100));
        Heard copied = requester.vcopy(25, source, 30, destination, 100);
        assertEquals(ProcessFlags.ONCOPY, party.info().flags() & ProcessFlags.ONCOPY);
        Heard sent = nodes.bind(0, 26).send(25, 7);
        sent.ok();
        received.waits();
        nodes.settle();
        copied.ends(100);
        received.brings(26, 7);
        assertEquals(0, party.info().flags());
    }

    @Test
    void aPartyIsInOneCopyAtATime() throws DvsException {
        Program second = nodes.bind(0, 11);
        long source = programs[0][0].expose(ByteBuffer.allocate(100));
        long destination = programs[1][0].expose(ByteBuffer.allocate(100));
        long mine = second.expose(ByteBuffer.allocate(100));
        Heard first = requester.vcopy(20, source, 30, destination, 100).waits();
        second.vcopy(20, source, SELF, mine, 100).fails(ErrorCode.BUSY);
        second.vcopy(SELF, mine, 20, source, 100).fails(ErrorCode.BUSY);
        nodes.settle();
        first.ends(100);
        second.vcopy(20, source, SELF, mine, 100).ends(100);
    }

    @Test
    void severalChunksOfACopyAreUnderWayAtATimeAndNoMore() throws DvsException {
        int bytes = 10 * MAX + 7;
        byte[] pattern = new byte[bytes];
        new Random(1).nextBytes(pattern);
        long source = requester.expose(ByteBuffer.wrap(pattern));
        ByteBuffer theirs = ByteBuffer.allocate(bytes);
        long destination = programs[1][0].expose(theirs);
        nodes.link(0, 1).hold(1);
        Heard copied = requester.vcopy(SELF, source, 30, destination, bytes);
        nodes.settle();
        assertEquals(Copy.WINDOW, nodes.link(0, 1).held(1));
        nodes.link(0, 1).release(1);
        nodes.link(0, 1).hold(0);
        nodes.settle();
        // Answers keep none of the others waiting.
        assertEquals(Copy.WINDOW, nodes.link(0, 1).held(0));
        copied.waits();
        nodes.link(0, 1).release(0);
        nodes.settle();
        copied.ends(bytes);
        assertArrayEquals(pattern, theirs.array());
    }

    @Test
    void aCopyOfWhichNothingArrivesForThirtySecondsEnds() throws DvsException {
        int bytes = (Copy.WINDOW + 2) * MAX;
        long source = programs[1][0].expose(ByteBuffer.allocate(bytes));
        ByteBuffer mine = ByteBuffer.allocate(bytes);
        Heard copied = requester.vcopy(30, source, SELF, requester.expose(mine), bytes);
        nodes.link(0, 1).hold(0);
        nodes.settle();
        nodes.pass(29_999);
        copied.waits();
        nodes.link(0, 1).hold(1);
        nodes.link(0, 1).release(0);
        // The chunks under way have come; what follows them is held.
        nodes.settle();
        assertEquals(2, nodes.link(0, 1).held(1));
        nodes.pass(30_000);
        copied.waits();
        nodes.pass(1);
        copied.fails(ErrorCode.TIMEDOUT);
        assertEquals(0, requester.info().flags());
        nodes.link(0, 1).release(1);
        nodes.settle();
        Heard next = requester.vcopy(30, source, SELF, requester.expose(mine), MAX);
        nodes.settle();
        next.ends(MAX);
        assertEquals(0, nodes.time.waiting());
    }

    @Test
    void theSourcesNodeSaysWhenItCannotReachTheDestinations() throws DvsException {
        long source = programs[1][0].expose(ByteBuffer.allocate(100));
        long destination = programs[2][0].expose(ByteBuffer.allocate(100));
        nodes.link(1, 2).drop();
        Heard copied = requester.vcopy(30, source, 40, destination, 100);
        nodes.settle();
        copied.fails(ErrorCode.NOTCONN);
        nodes.kernel(1).delNode(Nodes.DC, 2);
        copied = requester.vcopy(30, source, 40, destination, 100);
        nodes.settle();
        copied.fails(ErrorCode.NODCNODE);
    }

    @Test
    void theSourcesNodeSaysWhenTheDestinationsTakesLessAtATime() throws DvsException {
        long source = programs[1][0].expose(ByteBuffer.allocate(MAX));
        long destination = programs[2][0].expose(ByteBuffer.allocate(MAX));
        ProxyPair small = nodes.kernel(1).proxiesBind("small", 5, 100, 1);
        small.connectSender();
        small.connectReceiver();
        nodes.kernel(1).nodeUp("node2", 2, 5);
        Heard copied = requester.vcopy(30, source, 40, destination, MAX);
        nodes.settle();
        copied.fails(ErrorCode.TOOBIG);
    }

    @Test
    void aLostConnectionEndsCopiesWithItsNodes() throws DvsException {
        long source = programs[1][0].expose(ByteBuffer.allocate(100));
        long mine = requester.expose(ByteBuffer.allocate(100));
        Heard copied = requester.vcopy(30, source, SELF, mine, 100);
        nodes.link(0, 1).hold(0);
        nodes.settle();
        nodes.link(0, 1).drop();
        copied.fails(ErrorCode.NOTCONN);
        requester.vcopy(30, source, SELF, mine, 100).fails(ErrorCode.NOTCONN);
        assertEquals(0, requester.info().flags());
        nodes.link(0, 1).connect();
        nodes.link(0, 1).release(0);
        Heard again = requester.vcopy(30, source, SELF, mine, 100);
        nodes.settle();
        again.ends(100);
    }

    @Test
    @Tag("R-PXY-09")
    void bytesThatLeftBeforeAConnectionWasLostMayHaveArrived() throws DvsException {
        long theirs = programs[1][0].expose(ByteBuffer.allocate(100));
        long mine = requester.expose(ByteBuffer.allocate(100));
        Heard queued = requester.vcopy(SELF, mine, 30, theirs, 100);
        nodes.link(0, 1).drop();
        queued.fails(ErrorCode.NOTCONN);
        nodes.link(0, 1).connect();
        nodes.link(0, 1).hold(0);
        Heard left = requester.vcopy(SELF, mine, 30, theirs, 100);
        nodes.settle();
        nodes.link(0, 1).drop();
        left.fails(ErrorCode.UNKNOWNOUTCOME);
        assertEquals(0, requester.info().flags());
    }
}
