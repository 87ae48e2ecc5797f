package org.dvs.apps;

import java.util.EnumMap;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** What to do next after an error of a program outside: the usual next steps name options that only {@code dvs} has. */
final class Advice {
    private static final String NO_SERVER = "Start the server; if it is on another node, tell this one: 'dvs proxy bind DCID SERVER NODE'.";
    private static final Map<ErrorCode, String> ADVICE = new EnumMap<>(Map.ofEntries(
            Map.entry(ErrorCode.DEADSRCDST, NO_SERVER),
            Map.entry(ErrorCode.DSTDIED, NO_SERVER),
            Map.entry(ErrorCode.BADSRCDST,
                    "Tell the other one's node where this program lives: there, 'dvs proxy bind DCID ENDPOINT NODE'."),
            Map.entry(ErrorCode.CONNRESET, "Start the node again, then this program; what was asked last may have been done."),
            Map.entry(ErrorCode.SRCDIED,
                    "The server has ended: start it again, then repeat this; what was asked last may have been done."),
            Map.entry(ErrorCode.TIMEDOUT, "Look whether the server and its node still run, then repeat this."),
            Map.entry(ErrorCode.NOTCONN, "See 'dvs node list' and 'dvs proxy list'; repeat this when the node is back."),
            Map.entry(ErrorCode.CONNREFUSED, "Start the node, or name its data/kernel.sock with --socket."),
            Map.entry(ErrorCode.RSCBUSY, "End other programs of the node, or raise maxPrograms in its etc/org.dvs.kernel.gate.cfg."),
            Map.entry(ErrorCode.BADCALL,
                    "Bind a server to an endpoint of a system process: below nr_sysprocs - nr_tasks, see 'dvs dc list'."),
            Map.entry(ErrorCode.RANGE, "See 'dvs dc list' for the process numbers of the DC."),
            Map.entry(ErrorCode.BADDIR, "Name a folder that is there and that you may enter.")));

    private Advice() {
    }

    static String of(DvsException failure) {
        return failure instanceof AdvisedException advised ? advised.nextStep()
                : ADVICE.getOrDefault(failure.code(), failure.code().nextStep());
    }
}
