package org.dvs.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> KEYS = List.of("bindPort", "bindAddress", "mode", "replyTimeoutMs");

    @Test
    void findsTheWordWithTheLeastChanges() {
        assertEquals(Optional.of("bindPort"), Nearest.to("bindprot", KEYS));
        assertEquals(Optional.of("replyTimeoutMs"), Nearest.to("replyTimeout", KEYS));
        assertEquals(Optional.of("mode"), Nearest.to("moed", KEYS));
        assertEquals(Optional.of("nodes"), Nearest.to("ndoes", List.of("notes-x", "nodes", "modes")));
        assertEquals("; did you mean 'host df'?", Nearest.hint("hosst df", List.of("host df", "host ls")));
    }

    @Test
    void doesNotCountCase() {
        assertEquals(Optional.of("bindPort"), Nearest.to("BINDPORT", KEYS));
        assertEquals(Optional.of("RQST_DF"), Nearest.to("rqst_dg", List.of("RQST_DF")));
    }

    @Test
    void takesTheFirstByTheAlphabetOfTwoThatAreEquallyNear() {
        assertEquals(Optional.of("cat"), Nearest.to("bat", List.of("rat", "cat", "hat")));
    }

    @Test
    void offersNothingThatIsMoreThanThreeChangesAway() {
        assertEquals(Optional.empty(), Nearest.to("replyTime", KEYS));
        assertEquals(Optional.empty(), Nearest.to("completely", List.of("different!")));
    }

    @Test
    void offersNothingForAShortWordThatIsAltogetherDifferent() {
        assertEquals(Optional.empty(), Nearest.to("abc", List.of("xyz")));
        assertEquals("", Nearest.hint("ab", List.of("xy")));
    }

    @Test
    void offersNothingForNoWord() {
        assertEquals(Optional.empty(), Nearest.to("", KEYS));
        assertEquals(Optional.empty(), Nearest.to("", List.of("a")));
    }

    @Test
    void comparesNoWordOfMoreThan256Characters() {
        assertEquals(Optional.of("x".repeat(256)), Nearest.to("x".repeat(256), List.of("x".repeat(256))));
        assertEquals(Optional.empty(), Nearest.to("x".repeat(257), List.of("x".repeat(256))));
        assertEquals(Optional.empty(), Nearest.to("x".repeat(100_000), List.of("x")));
    }

    @Test
    void countsASwapOfNeighboursAsOneChange() {
        assertEquals(1, Nearest.distance("prot", "port"));
        assertEquals(1, Nearest.distance("ndoes", "nodes"));
        assertEquals(3, Nearest.distance("kitten", "sitting"));
        assertEquals(4, Nearest.distance("", "port"));
    }
}
