package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Message;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** vcopy among processes of one node: dvs-kernel reference 8.6. */
@Tag("R-CMD-14")
class CopyTest {
    private static final int MAX = DvsParameters.DEFAULT.maxCopylen();

    private final Nodes nodes = new Nodes(1);
    private final Program server = nodes.bind(0, 10);
    private final Program other = nodes.bind(0, 11);
    private final Program client = nodes.bind(0, 100);

    CopyTest() throws DvsException {
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(bytes);
        return bytes;
    }

    /** The client waits for an answer, as one does whose memory is copied. */
    private Heard clientWaits() {
        Heard answer = client.sendrec(10, 1);
        server.receive().brings(100, 1);
        return answer;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 36, 4096, 65_535, 65_536, 65_537, 1_048_576})
    void fetchesFromAClientThatWaits(int length) throws DvsException {
        byte[] data = random(length);
        ByteBuffer mine = ByteBuffer.allocateDirect(length);
        Heard answer = clientWaits();
        server.vcopy(100, client.expose(ByteBuffer.wrap(data)), SELF, server.expose(mine), length).ends(length);
        assertArrayEquals(data, bytes(mine));
        assertEquals(0, server.info().lclCopy(), "the caller was not the source");
        assertEquals(0, client.info().lclCopy());
        answer.waits();
        server.reply(100, 2).ok();
        answer.brings(10, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_537, 1_048_576})
    void givesToAClientThatWaits(int length) throws DvsException {
        byte[] data = random(length);
        ByteBuffer theirs = ByteBuffer.allocate(length);
        clientWaits();
        server.vcopy(SELF, server.expose(ByteBuffer.wrap(data)), 100, client.expose(theirs), length).ends(length);
        assertArrayEquals(data, bytes(theirs));
        assertEquals(1, server.info().lclCopy());
    }

    @Test
    void findsAProgramStillThatAnswersAndWaitsInOneStep() {
        Heard address = server.sendrec(11, 1);
        other.receive().brings(10, 1);
        Heard done = other.sendrec(10, 2);
        address.brings(11, 2);
        server.vcopy(11, other.expose(ByteBuffer.wrap(new byte[] {7})), SELF, server.expose(ByteBuffer.allocate(1)), 1).ends(1);
        server.send(11, 3).ok();
        done.brings(10, 3);
    }

    @Test
    void isOrderedByAThirdProcess() throws DvsException {
        byte[] data = random(70_000);
        ByteBuffer to = ByteBuffer.allocate(70_000);
        clientWaits();
        other.receive();
        server.vcopy(100, client.expose(ByteBuffer.wrap(data)), 11, other.expose(to), 70_000).ends(70_000);
        assertArrayEquals(data, bytes(to));
        assertEquals(0, server.info().flags());
    }

    @Test
    void copiesAPartOfABuffer() {
        ByteBuffer to = ByteBuffer.allocate(10);
        clientWaits();
        long from = client.expose(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}));
        server.vcopy(100, from + 1, SELF, server.expose(to) + 6, 3).ends(3);
        assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, 2, 3, 4, 0}, bytes(to));
    }

    @Test
    void reachesOnlyWhatLiesBetweenPositionAndLimitOfAnExposedBuffer() {
        clientWaits();
        ByteBuffer part = ByteBuffer.wrap(random(100)).position(10).limit(20);
        long address = client.expose(part);
        assertEquals(10, part.position());
        long mine = server.expose(ByteBuffer.allocate(100));
        server.vcopy(100, address, SELF, mine, 10).ends(10);
        server.vcopy(100, address, SELF, mine, 11).fails(ErrorCode.FAULT);
        server.vcopy(100, address - 1, SELF, mine, 1).fails(ErrorCode.FAULT);
    }

    @Test
    void ofLengthZeroChecksTheAskedAndTouchesNothing() {
        server.vcopy(100, 0, SELF, 0, 0).fails(ErrorCode.PROCSTS);
        clientWaits();
        server.vcopy(100, 0, SELF, 0, 0).ends(0);
        server.vcopy(10, 0, SELF, 0, 0).fails(ErrorCode.ENDPOINT);
    }

    @Test
    void ofMoreThanTheMaximumOrLessThanNothingIsRefused() {
        clientWaits();
        server.vcopy(100, 0, SELF, 0, MAX + 1).fails(ErrorCode.RANGE);
        server.vcopy(100, 0, SELF, 0, -1).fails(ErrorCode.RANGE);
    }

    @Test
    void beyondABufferIsAFaultAndTheProgramsGoOn() {
        Heard answer = clientWaits();
        long theirs = client.expose(ByteBuffer.allocate(100));
        long mine = server.expose(ByteBuffer.allocate(100));
        server.vcopy(100, theirs, SELF, mine, 101).fails(ErrorCode.FAULT);
        server.vcopy(100, theirs + 1, SELF, mine, 100).fails(ErrorCode.FAULT);
        server.vcopy(100, theirs, SELF, mine + 1, 100).fails(ErrorCode.FAULT);
        server.vcopy(100, 0, SELF, mine, 1).fails(ErrorCode.FAULT);
        server.vcopy(100, -1, SELF, mine, 1).fails(ErrorCode.FAULT);
        server.vcopy(100, Long.MAX_VALUE, SELF, mine, 1).fails(ErrorCode.FAULT);
        server.vcopy(100, theirs, SELF, mine, 100).ends(100);
        server.reply(100, 2).ok();
        answer.ok();
    }

    @Test
    void runningOverOneBufferDoesNotReachTheNext() {
        clientWaits();
        long first = client.expose(ByteBuffer.allocate(4096));
        long second = client.expose(ByteBuffer.allocate(4096));
        long mine = server.expose(ByteBuffer.allocate(20_000));
        server.vcopy(100, first, SELF, mine, 4097).fails(ErrorCode.FAULT);
        server.vcopy(100, first, SELF, mine, (int) (second - first) + 1).fails(ErrorCode.FAULT);
        server.vcopy(100, second - 1, SELF, mine, 2).fails(ErrorCode.FAULT);
    }

    @Test
    void intoAReadOnlyBufferIsAFaultAndOutOfOneIsNot() {
        clientWaits();
        byte[] data = random(10);
        long readOnly = client.expose(ByteBuffer.wrap(data).asReadOnlyBuffer());
        ByteBuffer mine = ByteBuffer.allocate(10);
        long own = server.expose(mine);
        server.vcopy(SELF, own, 100, readOnly, 10).fails(ErrorCode.FAULT);
        server.vcopy(100, readOnly, SELF, own, 10).ends(10);
        assertArrayEquals(data, bytes(mine));
    }

    @Test
    void ofWithdrawnMemoryIsAFault() {
        clientWaits();
        long theirs = client.expose(ByteBuffer.allocate(10));
        long mine = server.expose(ByteBuffer.allocate(10));
        client.self.memory().withdraw(theirs);
        client.self.memory().withdraw(theirs);
        server.vcopy(100, theirs, SELF, mine, 1).fails(ErrorCode.FAULT);
    }

    @Test
    void ofOneExposureOntoItselfIsRefusedBecauseBothPartiesAreOne() {
        long mine = server.expose(ByteBuffer.allocate(100));
        server.vcopy(SELF, mine, SELF, mine + 10, 50).fails(ErrorCode.ENDPOINT);
        server.vcopy(SELF, mine, 10, mine + 10, 50).fails(ErrorCode.ENDPOINT);
        other.receive();
        server.vcopy(11, mine, 11, mine + 10, 50).fails(ErrorCode.ENDPOINT);
    }

    @Test
    void ofABufferThatBothHaveExposedOverlapsAsIfThroughAThird() {
        byte[] shared = new byte[100];
        for (int i = 0; i < shared.length; i++) {
            shared[i] = (byte) i;
        }
        clientWaits();
        long theirs = client.expose(ByteBuffer.wrap(shared));
        long mine = server.expose(ByteBuffer.wrap(shared));
        byte[] expected = shared.clone();
        System.arraycopy(shared, 0, expected, 10, 90);
        server.vcopy(100, theirs, SELF, mine + 10, 90).ends(90);
        assertArrayEquals(expected, shared);
    }

    @Test
    void neverNamesAnybodyOrNobody() {
        server.vcopy(ANY, 1, SELF, 1, 1).fails(ErrorCode.ENDPOINT);
        server.vcopy(SELF, 1, ANY, 1, 1).fails(ErrorCode.ENDPOINT);
        server.vcopy(NONE, 1, SELF, 1, 1).fails(ErrorCode.ENDPOINT);
        server.vcopy(SELF, 1, NONE, 1, 1).fails(ErrorCode.ENDPOINT);
    }

    @Test
    void needsTheOthersToWaitForAMessage() {
        server.vcopy(11, 1, SELF, 1, 1).fails(ErrorCode.PROCSTS);
        server.vcopy(SELF, 1, 11, 1, 1).fails(ErrorCode.PROCSTS);
        other.send(100, 1);
        server.vcopy(SELF, 1, 11, 1, 1).fails(ErrorCode.PROCSTS);
    }

    @Test
    void toldApartIsWhoIsMissing() {
        server.vcopy(50, 1, SELF, 1, 1).fails(ErrorCode.SRCDIED);
        server.vcopy(SELF, 1, 50, 1, 1).fails(ErrorCode.DSTDIED);
    }

    @Test
    void leavesAddressesThatFitIntoAMessage() {
        long last = 0;
        for (int i = 0; i < 1_000; i++) {
            long address = server.expose(ByteBuffer.allocate(1));
            assertEquals(address, new Message().putPointer(Message.M1_P1, address).getPointer(Message.M1_P1));
            assertEquals(true, address > last, "used again");
            server.self.memory().withdraw(address);
            last = address;
        }
    }

    @Test
    void emptyBuffersCanBeExposed() {
        clientWaits();
        long empty = client.expose(ByteBuffer.allocate(0));
        long mine = server.expose(ByteBuffer.allocate(1));
        server.vcopy(100, empty, SELF, mine, 1).fails(ErrorCode.FAULT);
        byte[] same = new byte[1];
        Arrays.fill(same, (byte) 7);
        server.vcopy(100, client.expose(ByteBuffer.wrap(same)), SELF, mine, 1).ends(1);
    }
}
