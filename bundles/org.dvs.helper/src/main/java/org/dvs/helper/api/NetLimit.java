package org.dvs.helper.api;

/**
 * What the traffic of a control group over one network interface may be.
 *
 * @param egressBps  bits sent in a second at most, at least {@value #LEAST_BPS}; 0 for no limit
 * @param ingressBps bits received, likewise
 * @param burst      bytes that may go at once, at least {@value #LEAST_BURST}; 0 for what the kernel takes by itself
 * @param priority   0 to 7, 0 first: whose turn it is when more than one group of an interface has something to send
 * @param mark       of its packets, for rules of others; 0 for none
 */
public record NetLimit(long egressBps, long ingressBps, long burst, int priority, long mark) {
    public static final NetLimit NONE = new NetLimit(0, 0, 0, 0, 0);
    public static final long LEAST_BPS = 1_000;
    public static final long MOST_BPS = 1_000_000_000_000L;
    public static final long LEAST_BURST = 1_600;
    public static final long MOST_BURST = 1L << 30;
    public static final int LAST_PRIORITY = 7;
    public static final long MOST_MARK = 0xffffffffL;

    /** @throws IllegalArgumentException for a value out of its range */
    public NetLimit {
        within(egressBps, LEAST_BPS, MOST_BPS, "bits sent in a second");
        within(ingressBps, LEAST_BPS, MOST_BPS, "bits received in a second");
        within(burst, LEAST_BURST, MOST_BURST, "burst");
        within(priority, 1, LAST_PRIORITY, "priority");
        within(mark, 1, MOST_MARK, "mark");
    }

    private static void within(long value, long least, long most, String what) {
        if (value != 0 && (value < least || value > most)) {
            throw new IllegalArgumentException(what + ": 0, or " + least + " to " + most);
        }
    }
}
