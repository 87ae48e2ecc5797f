package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Message;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes whose DC counts generations: dvs-kernel reference 3. Names finish the sentence "a counted generation …". */
@Tag("R-CMD-14")
class GenerationsTest {
    private static final int SIZE = 35_570;
    private static final int LAST = Integer.MAX_VALUE / SIZE - 1;

    private final Nodes nodes = new Nodes(2, DvsParameters.DEFAULT, dc -> dc.countingGenerations().warning(5, 77));

    GenerationsTest() throws DvsException {
    }

    private static int endpoint(int generation, int number) {
        return generation * SIZE + number;
    }

    private Program here(int number) throws DvsException {
        return nodes.bindHere(0, number, BindKind.SELF, LOCALNODE);
    }

    /** Below the first, beyond the last, and where numbers overflow. */
    @ParameterizedTest
    @ValueSource(ints = {-SIZE + 11, -2 * SIZE + 11, (LAST + 1) * SIZE + 11, Integer.MAX_VALUE - SIZE + 11,
            Integer.MIN_VALUE + 11})
    void isNoneThatThereCannotBe(int endpoint) throws DvsException {
        int number = DcSettings.of(0, "dc0", DvsParameters.DEFAULT).numbers().processNumber(endpoint);
        ErrorCode refused = number >= -35 && number <= 220 ? ErrorCode.ENDPOINT : ErrorCode.BADPROC;
        for (BindKind kind : new BindKind[] {BindKind.SELF, BindKind.REPLICA}) {
            TestKernels.refused(refused, () -> nodes.bindHere(0, endpoint, kind, LOCALNODE));
        }
        TestKernels.refused(refused, () -> nodes.bindHere(0, endpoint, BindKind.BACKUP, 1));
        TestKernels.refused(refused, () -> nodes.kernel(0).rmtbind(Nodes.DC, endpoint, "p", 1));
        assertEquals(11, here(11).number(), "the slot was left alone");
    }

    @Test
    void beginsAgainAtTheFirstBehindTheLast() throws DvsException {
        Program a = here(10);
        assertEquals(endpoint(LAST, 11), nodes.kernel(0).rmtbind(Nodes.DC, endpoint(LAST, 11), "p", 1));
        Heard waiting = nodes.bindHere(0, 12, BindKind.SELF, LOCALNODE).wait4unbind(endpoint(LAST, 11), 1_000);
        nodes.kernel(0).unbind(Nodes.DC, endpoint(LAST, 11));
        waiting.ok();
        a.send(endpoint(LAST, 11), 1).fails(ErrorCode.DSTDIED);
        a.send(endpoint(LAST - 1, 11), 1).fails(ErrorCode.ENDPOINT);
        a.wait4bind(endpoint(LAST, 11), NOWAIT).fails(ErrorCode.ENDPOINT);
        Heard next = a.wait4bind(11, 1_000).waits();
        Heard later = here(13).wait4bind(endpoint(2, 11), 1_000).waits();
        Program first = here(11);
        assertEquals(11, first.number());
        next.ok();
        later.fails(ErrorCode.ENDPOINT);
        first.close();
        assertEquals(endpoint(1, 11), here(11).number());
    }

    @Test
    void isAnotherOneForWhoeverGetsTheSlotOfAProcessOfAnotherNode() throws DvsException {
        Program far = nodes.bind(1, 11);
        nodes.kernel(0).unbind(Nodes.DC, 11);
        far.close();
        Program here = here(11);
        assertEquals(endpoint(1, 11), here.number());
        here(10).send(11, 1).fails(ErrorCode.ENDPOINT);
    }

    @Test
    void staysThatOfAStubThatAStandByLeaves() throws DvsException {
        nodes.kernel(1).rmtbind(Nodes.DC, 14, "p14", 0);
        Program primary = nodes.bindHere(1, 11, BindKind.SELF, LOCALNODE);
        Program standBy = nodes.bindHere(0, 11, BindKind.BACKUP, 1);
        Program a = nodes.bindHere(0, 14, BindKind.SELF, LOCALNODE);
        standBy.close();
        Heard sent = a.send(11, 1);
        nodes.settle();
        primary.receive().brings(14, 1);
        nodes.settle();
        sent.ok();
        nodes.kernel(0).unbind(Nodes.DC, 11);
        a.send(11, 1).fails(ErrorCode.DSTDIED);
        assertEquals(endpoint(1, 11), here(11).number());
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, Integer.MIN_VALUE + 35, -SIZE, -301, -300, -36, 221, SIZE - 40, 0x6ace - 1,
            (LAST + 1) * SIZE, Integer.MAX_VALUE - 35, Integer.MAX_VALUE})
    void ofNobodyIsRefusedByEveryCall(int endpoint) throws DvsException {
        Program a = here(10);
        for (Heard call : new Heard[] {a.send(endpoint, 1, NOWAIT), a.sendrec(endpoint, 1, NOWAIT), a.receive(endpoint, NOWAIT),
                a.reply(endpoint, 1), a.tell(endpoint), a.tell(endpoint, 3), a.vcopy(endpoint, 1, SELF, 1, 1),
                a.vcopy(SELF, 1, endpoint, 1, 1), a.wait4bind(endpoint, NOWAIT)}) {
            ErrorCode code = ErrorCode.ofRcode(call.rcode()).orElseThrow();
            assertTrue(code == ErrorCode.RANGE || code == ErrorCode.ENDPOINT, call + ": " + code);
        }
    }

    // ---- whoever is warned

    private static void warned(Heard received, int source, int exitCode) {
        received.ok();
        assertEquals(source, received.message.source());
        assertEquals(77, received.message.type());
        assertEquals(exitCode, received.message.getInt(Message.M1_I1));
    }

    @Test
    void doesNotMatterForWhoIsWarned() throws DvsException {
        here(5).close();
        Program init = here(5);
        assertEquals(endpoint(1, 5), init.number());
        Program child = here(100);
        Heard received = init.receive();
        ((LoopEndpoint) child.self).close(Integer.MIN_VALUE);
        warned(received, 100, Integer.MIN_VALUE);
        init.reply(100, 0).ok();
        assertTrue(nodes.kernel(0).process(Nodes.DC, 100).isFree());
        // Nor is it warned of itself.
        init.close();
        assertTrue(nodes.kernel(0).process(Nodes.DC, 5).isFree());
        here(101).close();
        assertTrue(nodes.kernel(0).process(Nodes.DC, 101).isFree());
    }

    @Test
    void ofTheOneThatIsWarnedMayChangeWhileSomebodyEnds() throws DvsException {
        Program init = here(5);
        here(100).close();
        init.receive().ok();
        init.close();
        assertTrue(nodes.kernel(0).process(Nodes.DC, 100).isFree(), "it waited for one that is gone");
        Program next = here(5);
        Heard received = next.receive(ANY, 1_000);
        here(101).close();
        warned(received, 101, 0);
        next.unbind(101, NOWAIT);
        next.reply(101, 0);
        assertTrue(nodes.kernel(0).process(Nodes.DC, 101).isFree());
    }
}
