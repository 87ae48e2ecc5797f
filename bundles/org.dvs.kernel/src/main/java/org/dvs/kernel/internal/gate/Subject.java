package org.dvs.kernel.internal.gate;

import org.dvs.api.DvsException;
import org.dvs.kernel.internal.ipc.OutsideProgram;

/** What a program's call is about, so that its error can say what the number leaves out. Of the connection's loop. */
final class Subject {
    private enum Kind { NOBODY, PEER, COPY }

    private Kind kind = Kind.NOBODY;
    private int peer;
    private int copiedTo;
    private int copiedBytes;
    /** What a refusal said; null unless one is about to be told. */
    private String refusal;

    /** A call begins that addresses nobody. */
    void nobody() {
        kind = Kind.NOBODY;
    }

    void peer(int endpoint) {
        kind = Kind.PEER;
        peer = endpoint;
    }

    void copy(int source, int destination, int bytes) {
        kind = Kind.COPY;
        peer = source;
        copiedTo = destination;
        copiedBytes = bytes;
    }

    /** @return the result, whose reason is kept until it is told */
    int refused(DvsException why) {
        refusal = why.getMessage();
        return why.code().rcode();
    }

    /** As {@link #refused}, of a call that names itself: only the reason is to be added. */
    int because(DvsException why) {
        refusal = ": " + why.getMessage();
        return why.code().rcode();
    }

    /** Endpoints may be below 0 too: of a call that gives one, and was not refused, nothing is said. */
    String why(int rcode, OutsideProgram program) {
        String said = refusal;
        refusal = null;
        if (said != null) {
            return said;
        }
        return switch (kind) {
            case NOBODY -> "";
            case PEER -> program.explain(rcode, peer);
            case COPY -> program.explainCopy(rcode, peer, copiedTo, copiedBytes);
        };
    }
}
