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
    private static final LogId NAME = new LogId(1, 2);

    private static Voters.Listing bare(List<String> names) {
        return new Voters.Listing(names, LogId.NONE);
    }

    @Test
    void countsFromItsEntryOnAndNoLongerWhenThatIsTakenAway() {
        Voters voters = new Voters(A);
        voters.appended(5, bare(AB));
        voters.appended(9, bare(ABC));
        assertEquals(ABC, voters.names());
        assertEquals(2, voters.majority());
        assertEquals(A, voters.at(4).names());
        assertEquals(AB, voters.at(8).names());
        voters.removedFrom(9);
        assertEquals(AB, voters.names());
        voters.removedFrom(3);
        assertEquals(A, voters.names());
        assertEquals(1, voters.majority());
    }

    @Test
    void forgetsWhatIsSupersededForGood() {
        Voters voters = new Voters(A);
        voters.appended(5, bare(AB));
        voters.appended(9, bare(ABC));
        voters.committed(6);
        assertEquals(AB, voters.at(1).names());
        voters.removedFrom(7);
        assertEquals(AB, voters.names());
        assertEquals(5, voters.index());
        voters.restart(20, bare(ABC));
        assertEquals(ABC, voters.at(20).names());
    }

    @Test
    void letsANodeLeadThatIsLeftOutUntilThatIsAgreed() {
        Voters voters = new Voters(List.of());
        assertFalse(voters.mayLead("b"));
        voters.appended(5, bare(AB));
        assertTrue(voters.mayLead("b"), "the newest list counts");
        voters.appended(9, bare(A));
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

    /** What is not agreed may be taken away again, and another name be agreed in its place. */
    @Test
    void knowsTheNameOfTheLogOnceThatIsAgreed() {
        Voters voters = new Voters(A);
        voters.appended(5, new Voters.Listing(AB, NAME));
        assertEquals(NAME, voters.log());
        assertEquals(LogId.NONE, voters.agreedLog());
        voters.removedFrom(5);
        assertEquals(LogId.NONE, voters.log());
        voters.appended(5, new Voters.Listing(AB, NAME));
        voters.committed(5);
        assertEquals(NAME, voters.agreedLog());
        voters.restart(20, new Voters.Listing(ABC, NAME));
        assertEquals(NAME, voters.agreedLog());
        assertEquals(NAME, voters.at(20).log());
    }

    @Test
    void comesOutOfItsBytes() {
        for (LogId log : List.of(LogId.NONE, NAME)) {
            Voters.Listing listing = new Voters.Listing(List.of("nöde0", "x"), log);
            assertEquals(listing, Voters.decode(ByteBuffer.wrap(Voters.encode(listing))));
        }
        byte[] bytes = Voters.encode(bare(AB));
        assertEquals(1, bytes[0], "as it was written before logs had names");
        bytes[0] = 9;
        assertThrows(IllegalArgumentException.class, () -> Voters.decode(ByteBuffer.wrap(bytes)));
    }
}
