package org.dvs.itests.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dvs.itests.nodes.Ledger.Held;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the audit …". */
class LedgerTest {
    private final Ledger ledger = new Ledger();
    private final List<Held> right = List.of(new Held(5, "w/1/node0/0"), new Held(6, "w/1/node1/0"), new Held(8, "w/1/node0/1"));

    @BeforeEach
    void fill() {
        ledger.begin("w/1/node0");
        ledger.begin("w/1/node1");
        ledger.acknowledged("w/1/node0", 0, 5, 100, 200);
        ledger.acknowledged("w/1/node1", 0, 6, 150, 300);
        ledger.unknown("w/1/node0", 1);
        ledger.refused("w/1/node0", 2, "NOTREADY");
    }

    private String faults(List<Held> one, List<Held> other) {
        Map<String, List<Held>> held = new LinkedHashMap<>();
        held.put("node0", one);
        held.put("node1", other);
        return String.join("; ", ledger.audit(held));
    }

    private String faults(Held... writes) {
        return faults(List.of(writes), List.of(writes));
    }

    @Test
    void findsNothingWrongWithWhatWasAcknowledgedAndAnUnknownOutcomeEitherWay() {
        assertEquals("", faults(right, right));
        assertEquals("", faults(right.subList(0, 2), right.subList(0, 2)));
        assertEquals(2, ledger.acknowledged());
        assertEquals(1, ledger.acknowledgedSince("w/1/node1", 120));
        assertEquals(0, ledger.acknowledgedSince("w/1/node0", 120));
    }

    @Test
    void findsAnAcknowledgedWriteThatIsMissingOrStandsElsewhere() {
        assertTrue(faults(right.get(0)).contains("w/1/node1/0 was acknowledged and is missing on node1"));
        assertTrue(faults(right.get(0), new Held(7, "w/1/node1/0")).contains("was acknowledged as 6 and is 7"));
    }

    @Test
    void findsARefusedWriteAndOneThatNobodyWrote() {
        List<Held> more = new ArrayList<>(right);
        more.add(new Held(9, "w/1/node0/2"));
        assertTrue(faults(more, more).contains("w/1/node0/2, which was refused with NOTREADY"));
        assertTrue(faults(right.get(0), right.get(1), new Held(9, "w/1/node0/500")).contains("nobody has written"));
        assertTrue(faults(right.get(0), right.get(1), new Held(9, "w/1/node0/3=other/0")).contains("nobody has written"));
    }

    @Test
    void findsMembersThatDifferAndAWriteThatIsThereTwice() {
        assertTrue(faults(right, right.subList(0, 2)).contains("they differ from place 2 on"));
        assertTrue(faults(right, List.of(right.get(1), right.get(0), right.get(2))).contains("they differ from place 0 on"));
        assertTrue(faults(right.get(0), right.get(1), new Held(7, "w/1/node1/0")).contains("holds w/1/node1/0 twice"));
    }

    @Test
    void findsAnOrderThatContradictsTheMomentsOfTheAnswers() {
        ledger.acknowledged("w/1/node1", 1, 9, 10, 90);
        assertTrue(faults(right.get(0), right.get(1), new Held(9, "w/1/node1/1"))
                .contains("w/1/node1/1 was acknowledged before w/1/node1/0 was begun"));
    }
}
