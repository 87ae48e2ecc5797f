package org.dvs.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> KEYS = List.of("bindPort", "bindAddress", "mode", "replyTimeoutMs");

    @Test
    void findsTheKeyWithTheLeastChanges() {
        assertEquals(Optional.of("bindPort"), Nearest.to("bindprot", KEYS));
        assertEquals(Optional.of("bindPort"), Nearest.to("BINDPORT", KEYS));
        assertEquals(Optional.of("replyTimeoutMs"), Nearest.to("replyTimeout", KEYS));
        assertEquals(Optional.of("mode"), Nearest.to("moed", KEYS));
    }

    @Test
    void offersNothingThatIsMoreThanThreeChangesAway() {
        assertEquals(Optional.empty(), Nearest.to("replyTime", KEYS));
        assertEquals(Optional.empty(), Nearest.to("x".repeat(100_000), KEYS));
        assertEquals(Optional.empty(), Nearest.to("", KEYS));
    }

    @Test
    void offersNothingForAShortWordThatIsAltogetherDifferent() {
        assertEquals(Optional.empty(), Nearest.to("abc", List.of("xyz")));
        assertEquals("", Nearest.hint("ab", List.of("xy")));
    }

    @Test
    void countsASwapOfNeighboursAsOneChange() {
        assertEquals(1, Nearest.distance("prot", "port"));
        assertEquals(3, Nearest.distance("kitten", "sitting"));
        assertEquals(4, Nearest.distance("", "port"));
    }
}
