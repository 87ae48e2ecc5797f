package org.dvs.cluster.jgroups.internal.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule. */
class FoundingRuleTest {

    @ParameterizedTest(name = "{0} seeds, rank {1}, after {2} ms, {3} outside, {4} deaf, forbidden {5}: {6}")
    @CsvSource({
        "0, 0,  0,      0, 0, false, true",
        "0, -1, 0,      0, 0, false, true",
        "2, 0,  0,      0, 0, false, false",
        "2, 0,  0,      1, 1, false, true",
        "2, 0,  0,      0, 2, false, true",
        "2, 0,  1499,   1, 0, false, false",
        "2, 0,  1500,   1, 0, false, true",
        "2, 0,  90000,  2, 0, true,  false",
        "2, 1,  4000,   2, 0, false, false",
        "2, 1,  5500,   2, 0, false, true",
        "2, 2,  5500,   2, 0, false, false",
        "2, 2,  9500,   0, 2, false, true",
        "2, -1, 900000, 2, 0, false, false"})
    void letsFound(int seeds, int rank, long waitedMs, int outside, int deaf, boolean forbidden, boolean may) {
        assertEquals(may, new FoundingRule(seeds, rank).mayFound(Duration.ofMillis(waitedMs), outside, deaf, forbidden));
    }
}
