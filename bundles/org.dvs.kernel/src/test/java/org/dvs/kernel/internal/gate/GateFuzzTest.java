package org.dvs.kernel.internal.gate;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.dvs.api.DvsException;

/**
 * Jazzer target. A normal build only replays the inputs kept in {@code src/test/resources}; {@code JAZZER_FUZZ=1 mvn -pl
 * bundles/org.dvs.kernel test -Dtest=GateFuzzTest} searches for new ones.
 */
class GateFuzzTest {
    private static final int MAX_FRAME = 160;

    /** Two programs say anything, bound or not; nothing of theirs is left, and nobody else is harmed. */
    @FuzzTest
    void frames(FuzzedDataProvider data) throws DvsException {
        HandGate gate = new HandGate();
        HandConnection[] programs = {data.consumeBoolean() ? gate.bound(HandGate.HAND) : gate.program(), gate.bound(11)};
        while (data.remainingBytes() > 0) {
            HandConnection program = programs[data.consumeBoolean() ? 1 : 0];
            if (data.consumeByte() == 0) {
                program.late();
            } else {
                program.frame(data.consumeBytes(data.consumeInt(0, MAX_FRAME)));
            }
            gate.programs.forEach(HandConnection::run);
        }
        gate.end();
    }
}
