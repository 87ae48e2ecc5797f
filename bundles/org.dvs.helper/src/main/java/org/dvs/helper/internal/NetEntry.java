package org.dvs.helper.internal;

import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.NetLimit;

/**
 * The limit of one group over one interface, as it is kept in a file, a line each: path, interface, numbers of the limit, number.
 *
 * @param number of its class among the interface's queues, 1 to {@value #MOST}, and of its counters
 */
record NetEntry(GroupPath path, String device, NetLimit limit, int number) {
    static final int MOST = 0xfffe;
    private static final int FIELDS = 8;

    boolean is(GroupPath otherPath, String otherDevice) {
        return path.equals(otherPath) && (otherDevice.isEmpty() || device.equals(otherDevice));
    }

    /** @throws IllegalArgumentException for a line that is none */
    static NetEntry of(String line) {
        String[] fields = line.split(" ");
        if (fields.length != FIELDS || !HelperRequest.DEVICE.matcher(fields[1]).matches()) {
            throw new IllegalArgumentException("no entry: " + line);
        }
        return new NetEntry(GroupPath.of(fields[0]), fields[1], new NetLimit(Long.parseLong(fields[2]), Long.parseLong(fields[3]),
                Long.parseLong(fields[4]), Integer.parseInt(fields[5]), Long.parseLong(fields[6])), Integer.parseInt(fields[7]));
    }

    String line() {
        return String.join(" ", path.toString(), device, Long.toString(limit.egressBps()), Long.toString(limit.ingressBps()),
                Long.toString(limit.burst()), Integer.toString(limit.priority()), Long.toString(limit.mark()),
                Integer.toString(number));
    }
}
