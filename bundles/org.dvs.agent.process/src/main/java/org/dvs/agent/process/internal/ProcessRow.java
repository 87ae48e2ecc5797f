package org.dvs.agent.process.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.request.Column;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;

/**
 * A slot of a DC as a row: the columns of {@code procs} in /proc/dvs, and of {@code stats} where there is room. Source:
 * dvs-kernel reference 4.4, 5.1, 6.
 */
final class ProcessRow {
    private static final Map<Integer, String> STATES = states();

    private ProcessRow() {
    }

    private static Map<Integer, String> states() {
        Map<Integer, String> states = new LinkedHashMap<>();
        states.put(ProcessFlags.SLOT_FREE, "free");
        states.put(ProcessFlags.SENDING, "sending");
        states.put(ProcessFlags.RECEIVING, "receiving");
        states.put(ProcessFlags.ONCOPY, "oncopy");
        states.put(ProcessFlags.MIGRATING, "migrating");
        states.put(ProcessFlags.REMOTE, "remote");
        states.put(ProcessFlags.RMTOPER, "rmtoper");
        states.put(ProcessFlags.WAITMIGR, "waitmigr");
        states.put(ProcessFlags.WAITUNBIND, "waitunbind");
        states.put(ProcessFlags.WAITBIND, "waitbind");
        return states;
    }

    static RequestSpec.Builder columns(RequestSpec.Builder spec) {
        return spec.column("dcid", ValueType.INTEGER, "DC")
                .column("p_nr", ValueType.INTEGER, "process number")
                .column("endp", ValueType.INTEGER, "endpoint")
                .column("lpid", ValueType.INTEGER, "process id on this node; -1 for a stub")
                .column("vpid", ValueType.INTEGER, "process id inside the DC; -1 if not known")
                .column("nd", ValueType.INTEGER, "node where the process is")
                .column("flag", ValueType.TEXT, "runtime flags, hexadecimal; 0 is runnable")
                .column("misc", ValueType.TEXT, "miscellaneous flags, hexadecimal")
                .column("getf", ValueType.INTEGER, "receives from; 31438 anybody, 27342 nobody")
                .column("sndt", ValueType.INTEGER, "sends to; 27342 nobody")
                .column("wmig", ValueType.INTEGER, "waits for its migration; 27342 nobody")
                .column("prxy", ValueType.INTEGER, "pair whose queue holds its command; 27342 none")
                .column("name", ValueType.TEXT, "of the process")
                .column(wide("state", ValueType.TEXT, "the runtime flags in words"))
                .column(wide("wunb", ValueType.INTEGER, "waits for its end; 27342 nobody"))
                .column(wide("lsnt", ValueType.INTEGER, "messages sent to processes of this node"))
                .column(wide("rsnt", ValueType.INTEGER, "messages sent to others"))
                .column(wide("lcopy", ValueType.INTEGER, "copies from it to this node"))
                .column(wide("rcopy", ValueType.INTEGER, "copies from it to others"));
    }

    private static Column wide(String name, ValueType type, String help) {
        return Column.of(name, type, help).onlyWide();
    }

    static void put(ProcessInfo of, RowSink rows) throws DvsException {
        rows.row(of.dcid(), of.number(), of.endpoint(), of.lpid(), of.vpid(), of.node(), hex(of.flags()), hex(of.misc()),
                of.getFrom(), of.sendTo(), of.waitMigrate(), of.proxy(), of.name().isEmpty() ? null : of.name(),
                state(of.flags()), of.waitUnbind(), of.lclSent(), of.rmtSent(), of.lclCopy(), of.rmtCopy());
    }

    private static String hex(int flags) {
        return Integer.toHexString(flags).toUpperCase(Locale.ROOT);
    }

    private static String state(int flags) {
        List<String> words = new ArrayList<>();
        STATES.forEach((bit, word) -> {
            if ((flags & bit) != 0) {
                words.add(word);
            }
        });
        return words.isEmpty() ? "runnable" : String.join("+", words);
    }
}
