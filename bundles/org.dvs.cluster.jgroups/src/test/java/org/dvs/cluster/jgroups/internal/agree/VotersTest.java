package org.dvs.cluster.jgroups.internal.agree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;

import org.junit.jupiter.api.Test;

/** The list of voters … */
class VotersTest {
    private static final List<String> A = List.of("a");
    private static final List<String> AB = List.of("a", "b");
    private static final List<String> ABC = List.of("a", "b", "c");

    @Test
    void countsFromItsEntryOnAndNoLongerWhenThatIsTakenAway() {
        Voters voters = new Voters(A);
        voters.appended(5, AB);
        voters.appended(9, ABC);
        assertEquals(ABC, voters.names());
        assertEquals(2, voters.majority());
        assertEquals(A, voters.at(4));
        assertEquals(AB, voters.at(8));
        voters.removedFrom(9);
        assertEquals(AB, voters.names());
        voters.removedFrom(3);
        assertEquals(A, voters.names());
        assertEquals(1, voters.majority());
    }

    @Test
    void forgetsWhatIsSupersededForGood() {
        Voters voters = new Voters(A);
        voters.appended(5, AB);
        voters.appended(9, ABC);
        voters.committed(6);
        assertEquals(AB, voters.at(1));
        voters.removedFrom(7);
        assertEquals(AB, voters.names());
        assertEquals(5, voters.index());
        voters.restart(20, ABC);
        assertEquals(ABC, voters.at(20));
    }

    @Test
    void letsANodeLeadThatIsLeftOutUntilThatIsAgreed() {
        Voters voters = new Voters(List.of());
        assertFalse(voters.mayLead("b"));
        voters.appended(5, AB);
        assertTrue(voters.mayLead("b"), "the newest list counts");
        voters.appended(9, A);
        voters.committed(5);
        assertTrue(voters.mayLead("b"));
        voters.committed(9);
        assertFalse(voters.mayLead("b"));
        assertTrue(voters.mayLead("a"));
    }

    @Test
    void isNeverAMajorityWhereNobodyVotes() {
        assertEquals(1, new Voters(List.of()).majority());
    }

    @Test
    void comesOutOfItsBytes() {
        assertEquals(List.of("nöde0", "x"), Voters.decode(ByteBuffer.wrap(Voters.encode(List.of("nöde0", "x")))));
        byte[] bytes = Voters.encode(AB);
        bytes[0] = 9;
        assertThrows(IllegalArgumentException.class, () -> Voters.decode(ByteBuffer.wrap(bytes)));
    }
}
