package org.dvs.benchmark;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;

/** Text as a node writes it into its log: what it is made of repeats, when and of whom it is does not. */
final class LogText {
    private static final String[] SAID = {
        "node %d (node%1$d) is connected at 10.0.%d.7:30000: batch, autobind, sequence",
        "node %d is not connected any more: it was silent for too long. %d frames were under way",
        "request RQST_PS of operator to %d nodes ended with 0, %d rows",
        "process %d of dc0 has ended, its slot is free; %d are in use"};
    private static final long BEGIN_MS = 1_700_000_000_000L;
    private static final int APART_MS = 5_000;
    private static final int NODES = 64;
    private static final int NUMBERS = 250;

    private LogText() {
    }

    /** @return always the same */
    static byte[] of(int bytes) {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (long at = BEGIN_MS; text.length() < bytes; at += random.nextInt(APART_MS)) {
            text.append(Instant.ofEpochMilli(at)).append(" INFO  [dvs-transport-loop-").append(random.nextInt(2))
                    .append("] org.dvs.proxy.internal.Peer - ")
                    .append(String.format(SAID[random.nextInt(SAID.length)], random.nextInt(NODES), random.nextInt(NUMBERS)))
                    .append('\n');
        }
        return text.substring(0, bytes).getBytes(StandardCharsets.US_ASCII);
    }
}
