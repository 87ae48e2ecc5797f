package org.dvs.helper.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.NetLimit;

/**
 * The queues of a network interface: one of kind HTB at its root, shared by all nodes of the machine, with a class for each group
 * that is limited; what belongs to none goes its way as before. Callers see to it that one at a time is here.
 */
final class NetQueues {
    private static final String HANDLE = Integer.toHexString(NetRules.MAJOR) + ":";
    private static final Pattern ROOT = Pattern.compile("(?m)^qdisc (\\S+) (\\S+) root\\b");
    private static final Pattern CLASS = Pattern.compile("(?m)^class htb " + HANDLE
            + "([0-9a-f]{1,4}) root[^\\n]*(?:\\n\\s+Sent \\d+ bytes \\d+ pkt \\(dropped (\\d+))?");

    private final NetTools tools;

    NetQueues(NetTools tools) {
        this.tools = tools;
    }

    /** @throws DvsException {@code NOENT} without such an interface; {@code BUSY} if somebody else has queues there */
    void require(String device) throws DvsException, InterruptedException {
        String kind = "";
        Matcher root = ROOT.matcher(tools.run(null, "tc", "qdisc", "show", "dev", device));
        if (root.find()) {
            kind = root.group(1);
            if (kind.equals("htb") && root.group(2).equals(HANDLE)) {
                return;
            }
            // Those that the kernel has put there itself have no number.
            if (!root.group(2).equals("0:")) {
                throw new DvsException(ErrorCode.BUSY, "interface " + device + " has queues of its own already: " + kind + " "
                        + root.group(2));
            }
        }
        tools.run(null, "tc", "qdisc", "add", "dev", device, "root", "handle", HANDLE, "htb", "default", "0");
    }

    /** Packets dropped, by the number of the class. @throws DvsException {@code NOENT} without such an interface */
    Map<Integer, Long> dropped(String device) throws DvsException, InterruptedException {
        Map<Integer, Long> dropped = new HashMap<>();
        Matcher matcher = CLASS.matcher(tools.run(null, "tc", "-s", "class", "show", "dev", device));
        while (matcher.find()) {
            dropped.put(Integer.parseInt(matcher.group(1), 16), matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2)));
        }
        return dropped;
    }

    /** Makes or changes a class. */
    void limit(NetEntry entry) throws DvsException, InterruptedException {
        NetLimit limit = entry.limit();
        String rate = limit.egressBps() + "bit";
        String burst = Math.max(limit.burst(), NetLimit.LEAST_BURST) + "b";
        tools.run(null, "tc", "class", "replace", "dev", entry.device(), "parent", HANDLE, "classid",
                HANDLE + Integer.toHexString(entry.number()), "htb", "rate", rate, "ceil", rate, "burst", burst, "cburst", burst,
                "prio", Integer.toString(limit.priority()));
    }

    /** Takes a class away, and the queues with the last one. An interface that has gone took them along. */
    void remove(NetEntry entry) throws DvsException, InterruptedException {
        try {
            if (dropped(entry.device()).containsKey(entry.number())) {
                tools.run(null, "tc", "class", "del", "dev", entry.device(), "classid", HANDLE
                        + Integer.toHexString(entry.number()));
            }
            Matcher root = ROOT.matcher(tools.run(null, "tc", "qdisc", "show", "dev", entry.device()));
            if (root.find() && root.group(2).equals(HANDLE) && dropped(entry.device()).isEmpty()) {
                tools.run(null, "tc", "qdisc", "del", "dev", entry.device(), "root", "handle", HANDLE);
            }
        } catch (DvsException e) {
            if (e.code() != ErrorCode.NOENT) {
                throw e;
            }
        }
    }
}
