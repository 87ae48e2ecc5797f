package org.dvs.proxy.internal.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.frame.Options;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-PXY-09")
class SequencesTest {
    private static final long OWN = 5;
    private final Sequences sequences = new Sequences();

    private static Hello peer(long incarnation, long knows, long sent, long received) {
        return new Hello(1, "node1", incarnation, 1, 1, new Options(true, true, true, true, true, DigestKind.NONE), knows, sent,
                received, 1, 1);
    }

    @Test
    void tellLossRepeatAndReorder() {
        assertNull(sequences.arrived(1, true));
        assertNull(sequences.arrived(2, true));
        assertEquals(Fault.REPEAT, sequences.arrived(2, true));
        assertEquals(Fault.REPEAT, sequences.arrived(1, true));
        assertEquals(Fault.GAP, sequences.arrived(4, true));
        assertNull(sequences.arrived(3, true));
        assertNull(sequences.arrived(77, false));
        assertEquals(4, sequences.received());
    }

    @Test
    void refuseToHaveSentWhatTheyDidNot() {
        sequences.next();
        assertEquals(Fault.ACKNOWLEDGEMENT, sequences.acknowledged(2));
        assertEquals(Fault.ACKNOWLEDGEMENT, sequences.acknowledged(-1));
        assertNull(sequences.acknowledged(1));
        assertNull(sequences.acknowledged(0));
        assertEquals(0, sequences.underWay());
    }

    @Test
    void settleWhatWasUnderWay() {
        assertFalse(sequences.meet(peer(9, 0, 0, 0), OWN, true));
        for (int i = 0; i < 5; i++) {
            sequences.next();
        }
        sequences.acknowledged(1);
        assertEquals(4, sequences.underWay());
        assertFalse(sequences.meet(peer(9, OWN, 7, 3), OWN, true));
        assertEquals(2, sequences.delivered());
        assertEquals(2, sequences.failed());
        assertEquals(0, sequences.unknown());
        assertEquals(7, sequences.received());
        assertEquals(6, sequences.next());
    }

    /** The answer to its HELLO, by which this end has settled, did not reach it: it says the same again, and is told the same. */
    @Test
    void settleAgainWithAPeerThatHasNot() {
        sequences.meet(peer(9, 0, 0, 0), OWN, true);
        for (int i = 0; i < 5; i++) {
            sequences.next();
        }
        sequences.arrived(1, true);
        sequences.meet(peer(9, OWN, 7, 3), OWN, true);
        assertEquals(7, sequences.received());
        assertEquals(1, sequences.told(), "the others are lost");
        sequences.next();
        sequences.meet(peer(9, OWN, 7, 3), OWN, true);
        assertEquals(3, sequences.delivered());
        assertEquals(3, sequences.failed());
        assertEquals(0, sequences.unknown());
        assertEquals(1, sequences.told());
        sequences.acknowledged(6);
        assertEquals(7, sequences.told(), "it has settled");
    }

    @Test
    void doNotTrustAPeerThatClaimsTheImpossible() {
        sequences.meet(peer(9, 0, 0, 0), OWN, true);
        sequences.next();
        sequences.next();
        sequences.acknowledged(1);
        for (long received : new long[] {0, 3}) {
            Sequences each = new Sequences();
            each.resume(9, new Sequences.Kept(2, 1, 0, 1, 0, 0));
            assertFalse(each.meet(peer(9, OWN, 0, received), OWN, true));
            assertEquals(1, each.unknown());
            assertEquals(1, each.next());
        }
    }

    @Test
    void beginAnewWithAPeerThatWasRestarted() {
        sequences.meet(peer(9, 0, 0, 0), OWN, true);
        sequences.next();
        assertTrue(sequences.meet(peer(10, 0, 0, 0), OWN, true));
        assertEquals(1, sequences.unknown());
        assertEquals(1, sequences.next());
        assertNull(sequences.arrived(1, true));
    }

    private static Sequences after(Sequences.Kept kept) {
        Sequences next = new Sequences();
        next.resume(9, kept);
        return next;
    }

    /** The peer handed on 8 of 10 and answered so; before it hears that this end has settled, this one is replaced. */
    @Test
    void knowWhatThePeerHasToldWhereTheyGoOnOverAKeptConnection() {
        sequences.meet(peer(9, 0, 0, 0), OWN, false);
        for (int i = 0; i < 10; i++) {
            sequences.next();
        }
        sequences.meet(peer(9, OWN, 0, 8), OWN, false);
        Sequences next = after(sequences.keep());
        assertNull(next.acknowledged(10), "the peer takes the lost ones for settled, too");
        next.meet(peer(9, OWN, 0, 8), OWN, false);
        assertEquals(0, next.unknown());
        assertEquals(11, next.next());
    }

    /** It has answered, and nothing shows that the answer has come. */
    @Test
    void tellTheSameWhereTheyGoOnOverAKeptConnection() {
        sequences.meet(peer(9, 0, 0, 0), OWN, true);
        sequences.arrived(1, true);
        sequences.meet(peer(9, OWN, 7, 0), OWN, true);
        Sequences next = after(sequences.keep());
        assertEquals(1, next.told());
        assertEquals(7, next.received());
        assertNull(next.acknowledged(0));
        assertEquals(7, next.told(), "it has settled");
        assertEquals(7, after(next.keep()).told());
    }
}
