package org.dvs.cli.internal.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

/** "The nearest word …" */
class NearestTest {
    @Test
    void isTheOneWithTheLeastDistance() {
        assertEquals(Optional.of("nodes"), Nearest.to("ndoes", List.of("notes-x", "nodes", "modes")));
        assertEquals(1, Nearest.distance("ndoes", "nodes"));
        assertEquals(3, Nearest.distance("kitten", "sitting"));
        assertEquals(4, Nearest.distance("", "four"));
    }

    @Test
    void isNoneWhenTooMuchWouldChange() {
        assertEquals(Optional.empty(), Nearest.to("ab", List.of("xy")));
        assertEquals(Optional.empty(), Nearest.to("completely", List.of("different!")));
        assertEquals(Optional.empty(), Nearest.to("x".repeat(100_000), List.of("x")));
        assertEquals(Optional.empty(), Nearest.to("", List.of("a")));
    }
}
