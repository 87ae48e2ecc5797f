package org.dvs.cli.internal;

import java.util.List;
import java.util.stream.IntStream;

import org.dvs.api.ErrorCode;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.NodeAnswer;

/** Exit codes and which of several wins. Source: conventions 2. */
final class ExitCode {
    static final int OK = 0;
    static final int NODE_ERROR = 1;
    static final int USAGE = 2;
    static final int NO_NODES = 3;
    static final int SILENT = 4;
    static final int NO_ENTRY = 5;
    static final int FORBIDDEN = 6;
    static final int REFUSED = 7;
    static final int DEADLINE = 124;
    static final int INTERRUPTED = 130;

    private static final List<Integer> PRECEDENCE =
            List.of(INTERRUPTED, DEADLINE, USAGE, NO_NODES, NO_ENTRY, FORBIDDEN, REFUSED, SILENT, NODE_ERROR, OK);

    private ExitCode() {
    }

    /** For a command that ended before anything was sent. */
    static int of(ErrorCode code) {
        return switch (code) {
            case USAGE, INVAL, BADVALUE, BADRANGE, RANGE, BADREQUEST, TOOBIG, NAMESIZE, NOJOB -> USAGE;
            case NONODES, BADNODEID -> NO_NODES;
            case AGAIN, STOPPED -> REFUSED;
            case DSTNOTRCH, NOTCONN, TIMEDOUT -> SILENT;
            case CLIENTTIMEOUT -> DEADLINE;
            case INTR -> INTERRUPTED;
            default -> ofNode(code);
        };
    }

    /** For an error a node answered with: it was sent, so bad values and missing things are that node's errors. */
    private static int ofNode(ErrorCode code) {
        return switch (code) {
            case PRIVILEGES, CALLDENIED, NOLOGIN, LOGINRATE -> FORBIDDEN;
            case NOTREADY, CONFIRM, MAXFAIL -> REFUSED;
            default -> NODE_ERROR;
        };
    }

    /** For an accumulated answer. */
    static int of(Answer answer) {
        return first(answer.nodes().stream().mapToInt(ExitCode::of).toArray());
    }

    private static int of(NodeAnswer node) {
        ErrorCode code = node.error().orElse(null);
        return switch (node.state()) {
            case OK -> OK;
            case SILENT -> code == ErrorCode.INTR ? INTERRUPTED : SILENT;
            case FAILED -> code == null ? NODE_ERROR : code == ErrorCode.INTR ? INTERRUPTED : ofNode(code);
            case SKIPPED -> code == ErrorCode.INTR ? INTERRUPTED : code == ErrorCode.TIMEDOUT ? SILENT : REFUSED;
        };
    }

    /** @return the one that wins; {@link #OK} of none */
    static int first(int... codes) {
        return IntStream.of(codes).boxed().min((a, b) -> PRECEDENCE.indexOf(a) - PRECEDENCE.indexOf(b)).orElse(OK);
    }
}
