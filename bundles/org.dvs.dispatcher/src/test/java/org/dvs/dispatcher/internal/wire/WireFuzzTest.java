package org.dvs.dispatcher.internal.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Jazzer target. A normal build only replays the inputs kept in {@code src/test/resources}; {@code JAZZER_FUZZ=1 mvn -pl
 * bundles/org.dvs.dispatcher test -Dtest=WireFuzzTest} searches for new ones.
 */
class WireFuzzTest {

    @FuzzTest
    void decode(byte[] bytes) {
        try {
            assertArrayEquals(bytes, Wire.encode(Wire.decode(bytes)), "what is understood has one form only");
        } catch (WireException e) {
            // The only thing that bad bytes may cause.
        }
    }
}
