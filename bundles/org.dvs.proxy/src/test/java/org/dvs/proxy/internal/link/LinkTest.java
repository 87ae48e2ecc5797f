package org.dvs.proxy.internal.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.frame.Options;
import org.dvs.testkit.SimulatedTime;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a link …". */
@Tag("R-PXY-05")
class LinkTest {
    private final SimulatedTime time = new SimulatedTime();
    private final List<Long> dialed = new ArrayList<>();
    private final List<Fault> ends = new ArrayList<>();
    private final Link link = new Link(new LinkSettings(0, "node0", 1, new Options(true, true, true, true, true, DigestKind.NONE),
            65_536, 3_000, 5_000, 200, 10_000), new Random(1), time::nanoTime, new LinkOwner() {
                @Override
                public void dial(long attempt) {
                    dialed.add(attempt);
                }

                @Override
                public void up(Wire wire, Agreement agreement) {
                    throw new AssertionError("nobody has greeted");
                }

                @Override
                public void resumed(Wire wire, Agreement agreement) {
                    throw new AssertionError("nobody has left anything");
                }

                @Override
                public void down(Fault why) {
                    throw new AssertionError("it was never up");
                }
            });

    private Wire wire() {
        return new Wire() {
            @Override
            public void hello(Hello hello) {
                // Nobody answers.
            }

            @Override
            public void welcome(Hello hello) {
                throw new AssertionError("nobody has greeted");
            }

            @Override
            public void end(Fault why) {
                ends.add(why);
            }

            @Override
            public String where() {
                return "nowhere";
            }
        };
    }

    private void pass(Duration span) {
        time.run(span);
        link.tick();
    }

    @Test
    void triesAgainWhenItNeverHearsWhatCameOfAnAttempt() {
        link.tick();
        assertEquals(Link.State.DIALING, link.state());
        pass(Duration.ofSeconds(15));
        assertEquals(Link.State.DIALING, link.state(), "a handshake takes its time");
        pass(Duration.ofSeconds(60));
        assertEquals(Link.State.DOWN, link.state());
        assertEquals(Fault.SILENT, link.lastFault());
        pass(Duration.ofSeconds(1));
        assertEquals(List.of(1L, 2L), dialed);
        link.dialed(1, wire());
        assertEquals(List.of(Fault.STALE), ends);
        link.dialed(2, wire());
        assertEquals(Link.State.GREETING, link.state());
    }
}
