package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.dvs.proxy.api.ProxyLink;
import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Options;

/** Every combination of batch, compress, autobind and sequence with every digest, for both ends of a pair. */
final class EveryOption {
    private EveryOption() {
    }

    static Stream<Options> combinations() {
        return IntStream.range(0, 16 * DigestKind.values().length).mapToObj(cell -> new Options((cell & 1) != 0, (cell & 2) != 0,
                (cell & 4) != 0, (cell & 8) != 0, true, DigestKind.values()[cell >> 4]));
    }

    /** As a block says them. */
    static String block(Options options) {
        return "batch" + yes(options.batch()) + "compress" + yes(options.compress()) + "autobind" + yes(options.autobind())
                + "sequence" + yes(options.sequence()) + "sendpid" + yes(options.sendPid()) + "digest " + options.digest().word()
                + ";";
    }

    private static String yes(boolean on) {
        return on ? " YES; " : " NO; ";
    }

    /** That they have counted for what this end has sent: some commands that lay in its queue together, some data like text. */
    static void assertCounted(Options options, ProxyLink link) {
        assertEquals(options.words(), link.options());
        assertEquals("", link.differences());
        assertEquals("up", link.state());
        assertTrue(options.batch() ? link.framesOut() < link.commandsOut() : link.framesOut() == link.commandsOut(),
                link::toString);
        assertPacked(options, link);
    }

    /** That data like text, which this end has sent, went as they should. */
    static void assertPacked(Options options, ProxyLink link) {
        assertTrue(options.compress() ? link.bytesOut() < link.rawOut() : link.bytesOut() == link.rawOut(), link::toString);
    }
}
