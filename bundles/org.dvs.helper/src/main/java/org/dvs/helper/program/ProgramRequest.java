package org.dvs.helper.program;

import java.nio.charset.Charset;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.api.Units;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;

/**
 * What all requests that run a program to its end have in common: how program, time and output are given, and the row that comes
 * of it. Source: dvsd reference 9, COMMAND; 8, ENTER.
 */
public final class ProgramRequest {
    /** Words of a program, itself among them. */
    public static final int MAX_WORDS = 256;
    /** Source: dvsd reference 9. */
    private static final long DEFAULT_OUTPUT = 60 * 1024;
    /** Both streams and the rest of the row must fit into one message. */
    private static final long MAX_OUTPUT = 256 * 1024;
    /** Part of the time left that is kept for ending the program and sending what it wrote. */
    private static final long MARGIN_MS = 2_500;
    private static final int LONGEST_MS = 86_400_000;
    private static final int SHOWN = 80;
    private static final Charset ARGUMENTS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private ProgramRequest() {
    }

    /** The parameter {@code argv}: program and arguments, as operands. */
    public static Parameter argv(String help) {
        return Parameter.of("argv", ValueType.TEXTS, help).range(1, MAX_WORDS).matching("[^\\x00]*").asOperand();
    }

    /** Adds the parameters and columns. @param help of the program and its arguments */
    public static RequestSpec.Builder described(RequestSpec.Builder builder, String help) {
        return builder.parameter(argv(help).mandatory())
                .parameter(Parameter.of("deadline", ValueType.DURATION,
                        "time after which the program is ended; default: shortly before the request's own").range(1, 3_600_000))
                .parameter(Parameter.of("max_output", ValueType.SIZE, "bytes kept of each output stream").range(0, MAX_OUTPUT)
                        .byDefault(DEFAULT_OUTPUT))
                .column("exit_code", ValueType.INTEGER, "-1 if a signal ended it")
                // What differs on every node is kept out of the table, so that equal outputs fold into one.
                .column(Column.of("signal", ValueType.INTEGER, "0 if none ended it").onlyWide())
                .column(Column.of("elapsed", ValueType.DURATION, "how long it ran").onlyWide())
                .column("stdout", ValueType.TEXT, "what it wrote")
                .column("stderr", ValueType.TEXT, "what it wrote as errors")
                .column(Column.of("stdout_truncated", ValueType.FLAG, "there was more").onlyWide())
                .column(Column.of("stderr_truncated", ValueType.FLAG, "there was more").onlyWide());
    }

    /**
     * Program and arguments. What the JDK hands to a program is in the encoding of the node's locale, with a question mark for
     * what that has not: then another argument would be executed than the one that is permitted and written down.
     *
     * @throws DvsException {@code BADVALUE} for what cannot be handed on as it is
     */
    public static List<String> argvOf(Request request) throws DvsException {
        List<String> words = request.texts("argv");
        for (String word : words) {
            if (!ARGUMENTS.newEncoder().canEncode(word)) {
                throw new DvsException(ErrorCode.BADVALUE, "argv: " + Printable.quoted(word, SHOWN)
                        + " cannot be passed on as it is: this node runs with " + ARGUMENTS + "; start it with a UTF-8 locale");
            }
        }
        return words;
    }

    /** Milliseconds that a program may take: the time left, less what ending it and telling so takes; 0 or less for none. */
    public static long possibleMs(Request request) {
        long left = request.timeLeft().toMillis();
        return left - Math.min(MARGIN_MS, left / 4);
    }

    /**
     * @param most milliseconds that the program may take at most, whatever is asked for
     * @throws DvsException {@code TIMEDOUT} if none are left
     */
    public static int timeMs(Request request, long most) throws DvsException {
        long possible = possibleMs(request);
        long limit = Math.min(most, Math.min(request.optionalNumber("deadline").orElse(possible), possible));
        if (limit <= 0) {
            throw new DvsException(ErrorCode.TIMEDOUT, "no time was left to start the program");
        }
        return (int) Math.min(limit, LONGEST_MS);
    }

    /** @param most bytes of each stream */
    public static int outputBytes(Request request, long most) throws DvsException {
        return (int) Math.min(most, request.number("max_output"));
    }

    /**
     * Puts the row.
     *
     * @throws DvsException {@code TIMEDOUT}, after the row, if the program was ended because of its time
     */
    public static void put(CommandResult ran, String program, int timeMs, RowSink rows) throws DvsException {
        rows.row(ran.exitCode(), ran.signal(), ran.elapsedMs(), ran.out(), ran.err(), ran.outTruncated(), ran.errTruncated());
        if (ran.overdue()) {
            throw new DvsException(ErrorCode.TIMEDOUT, program + " did not end within " + Units.durationText(timeMs)
                    + " and was ended"
                    + (ran.signal() > 0 ? " with signal " + ran.signal() : ""));
        }
    }
}
