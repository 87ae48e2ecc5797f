package org.dvs.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

/** Names finish the sentence "a node set …". */
class NodeSetTest {
    private final NodeSet set = new NodeSet(List.of("node0", "node1", "node2", "node10"),
            Map.of("web", "node[1-2]", "others", "*,!@web", "none", "", "self", "node0,@self", "broken", "node["));

    private void expands(String expression, String... names) throws DvsException {
        assertEquals(List.of(names), set.expand(expression), expression);
    }

    private void refused(ErrorCode code, String detail, String expression) {
        DvsException e = assertThrows(DvsException.class, () -> set.expand(expression));
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().contains(detail), e.getMessage());
    }

    @Test
    void isReadFromLeftToRight() throws DvsException {
        expands("node[1-3,7]", "node1", "node2", "node3", "node7");
        expands("*", "node0", "node1", "node2", "node10");
        expands("*,!node[0-1]", "node2", "node10");
        expands("!node1,node1", "node1");
        expands("node1,!node1");
        expands(" node2 ,, web-1.x ", "node2", "web-1.x");
        expands("");
        expands("n[2,1,1-2]", "n1", "n2");
        expands("a1[2-3]", "a12", "a13");
    }

    @Test
    void sortsByNumber() throws DvsException {
        expands("b2,b10,b1,a9,b,b01", "a9", "b", "b1", "b2", "b10", "b01");
    }

    @Test
    void holdsGroupsThatStandOnTheirOwn() throws DvsException {
        expands("@web", "node1", "node2");
        expands("@others", "node0", "node10");
        expands("node1,@others", "node0", "node1", "node10");
        expands("*,!@others", "node1", "node2");
        expands("@none");
        refused(ErrorCode.BADVALUE, "no group 'nope'; there are ", "@nope");
        refused(ErrorCode.BADVALUE, "does one hold itself?", "@self");
        refused(ErrorCode.BADVALUE, "'node['", "@broken");
    }

    @Test
    void saysWhatCannotBeRead() {
        refused(ErrorCode.BADVALUE, "'7up' is not a node", "7up");
        refused(ErrorCode.BADVALUE, "'node[3-1]' runs backwards", "node[3-1]");
        refused(ErrorCode.BADVALUE, "'' in 'node[1,]'", "node[1,]");
        refused(ErrorCode.BADVALUE, "'1-2-3'", "node[1-2-3]");
        refused(ErrorCode.BADVALUE, "'node[1-2'", "node[1-2");
        refused(ErrorCode.BADVALUE, "'node]1['", "node]1[");
        refused(ErrorCode.BADVALUE, "'node[]'", "node[]");
        refused(ErrorCode.BADVALUE, "'node[a]'", "node[a]");
        refused(ErrorCode.BADVALUE, "'!!node1'", "!!!node1");
        refused(ErrorCode.BADVALUE, "'node 1'", "node 1");
        refused(ErrorCode.BADVALUE, "'node\n1'", "node\n1");
        refused(ErrorCode.BADVALUE, "'*x'", "*x");
        refused(ErrorCode.BADVALUE, "'1234567890'", "node[1234567890]");
        refused(ErrorCode.BADVALUE, "is not a node", "n".repeat(64));
        refused(ErrorCode.BADVALUE, "more than 63 characters", "n".repeat(62) + "[8-10]");
    }

    @Test
    void isBoundedWhileItExpands() {
        assertTimeout(Duration.ofSeconds(10), () -> {
            refused(ErrorCode.TOOBIG, "more than 10000", "n[0-10000]");
            refused(ErrorCode.TOOBIG, "more than 10000", "n[0-999999999]");
            refused(ErrorCode.TOOBIG, "more than 10000", "n[0-9999],m");
            refused(ErrorCode.TOOBIG, "more than 10000", "n[" + "0-9999,".repeat(8000) + "0]");
            refused(ErrorCode.TOOBIG, "more than 10000", "n[0-9999],!n[0-9999],".repeat(3000));
            refused(ErrorCode.TOOBIG, "characters, at most 65536", "n".repeat(65537));
            Map<String, String> groups = new HashMap<>(Map.of("g0", "n[0-99]"));
            for (int i = 1; i <= 15; i++) {
                groups.put("g" + i, ("@g" + (i - 1) + ",").repeat(9));
            }
            assertEquals(100, new NodeSet(List.of(), groups).expand("@g15").size());
        });
    }

    @Test
    void holdsTenThousandNodes() throws DvsException {
        List<String> names = set.expand("n[0-9999]");
        assertEquals(10_000, names.size());
        assertEquals("n[0-9999]", NodeSet.fold(names));
    }

    @Test
    void isFoldedToItsShortestForm() {
        assertEquals("node[0-1,3],web", NodeSet.fold(List.of("web", "node3", "node1", "node0")));
        assertEquals("node3", NodeSet.fold(List.of("node3", "node3")));
        assertEquals("", NodeSet.fold(List.of()));
        assertEquals("a[9-11],b01,b1234567890", NodeSet.fold(List.of("a10", "a9", "b01", "a11", "b1234567890")));
    }

    @Test
    void comesBackFromItsFoldedForm() throws DvsException {
        Long only = Long.getLong("dvs.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? 2000 : only); seed++) {
            Random random = new Random(seed);
            Set<String> names = new TreeSet<>(NodeSet.ORDER);
            String[] stems = {"node", "n", "a-1.", "web_", "x0y", "node0", "a1"};
            for (int i = random.nextInt(30); i > 0; i--) {
                String number = switch (random.nextInt(4)) {
                    case 0 -> "";
                    case 1 -> "0" + random.nextInt(10);
                    case 2 -> Integer.toString(random.nextInt(20));
                    default -> Integer.toString(random.nextInt(Integer.MAX_VALUE));
                };
                names.add(stems[random.nextInt(stems.length)] + number);
            }
            List<String> shuffled = new ArrayList<>(names);
            Collections.shuffle(shuffled, random);
            String folded = NodeSet.fold(shuffled);
            assertEquals(List.copyOf(names), set.expand(folded), "seed " + seed + ": " + folded);
        }
    }

    @Test
    void neverThrowsAnythingElseWhateverIsWritten() {
        Long only = Long.getLong("dvs.seed");
        String[] pieces = {"node", "[", "]", "-", ",", "!", "@", "*", "web", "1", "0", "999999999", " ", "\u0000", "é", "@self"};
        for (long seed = only == null ? 1 : only; seed <= (only == null ? 5000 : only); seed++) {
            Random random = new Random(seed);
            StringBuilder expression = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                expression.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                List<String> names = set.expand(expression.toString());
                assertEquals(names, set.expand(NodeSet.fold(names)), "seed " + seed);
            } catch (DvsException e) {
                assertTrue(e.code() == ErrorCode.BADVALUE || e.code() == ErrorCode.TOOBIG, "seed " + seed);
            }
        }
    }
}
