package org.dvs.kernel.api;

/**
 * How an endpoint's number is made: {@code generation * size + process number}. A process number names a slot of a DC; the
 * generation tells one user of the slot from the next, where the DC counts them.
 *
 * <p>Source: dvs-kernel reference 3. With the default limits the size is 35,570 as there; a DC with more slots has a larger one.
 * The process numbers of {@link #ANY}, {@link #NONE} and {@link #SELF} cannot be bound, however many slots a DC has.
 *
 * @param nrTasks process numbers below 0
 * @param nrProcs process numbers from 0 on
 */
public record EndpointNumbers(int nrTasks, int nrProcs) {
    /** Receive from anybody. */
    public static final int ANY = 0x7ace;
    /** Nobody; in listings. */
    public static final int NONE = 0x6ace;
    /** The caller itself; in copies and waits. */
    public static final int SELF = 0x8ace;
    /** The source of what comes from no process. */
    public static final int HARDWARE = -1;
    /** The node argument of local binds, and "this node" in queries. */
    public static final int LOCALNODE = -1;
    /** No process id. */
    public static final int NO_PID = -1;
    /** A result below this number is an error, whatever the call gives: no endpoint is. */
    public static final int ERROR_LIMIT = -300;

    /** Numbers of one generation. */
    public int size() {
        return Math.max(nrTasks + SELF + 1, nrTasks + nrProcs);
    }

    /** An endpoint for people: its number, or the word of a number that has a meaning of its own. */
    public static String shown(int endpoint) {
        return switch (endpoint) {
            case ANY -> "ANY";
            case NONE -> "NONE";
            case SELF -> "SELF";
            default -> String.valueOf(endpoint);
        };
    }

    /** The endpoint of a process number in its first generation or a later one. */
    public int endpoint(int generation, int processNumber) {
        return generation * size() + processNumber;
    }

    /** The process number in an endpoint; may be outside the DC's slots. */
    public int processNumber(int endpoint) {
        int at = endpoint + nrTasks;
        // Nearly always of the first generation, and a division takes as long as all the rest of a look-up.
        return at >= 0 && at < size() ? endpoint : Math.floorMod(at, size()) - nrTasks;
    }

    public int generation(int endpoint) {
        return Math.floorDiv(endpoint + nrTasks, size());
    }

    /** Generations there are before they begin again at 0. */
    public int generations() {
        return Integer.MAX_VALUE / size();
    }

    /** Whether a bind can ever give this endpoint: its process number can be bound, and its generation is one that there is. */
    public boolean isEndpoint(int endpoint) {
        int generation = generation(endpoint);
        return generation >= 0 && generation < generations() && isSlot(processNumber(endpoint));
    }

    /** Whether a process number is a slot that can be bound. */
    public boolean isSlot(int processNumber) {
        return processNumber >= -nrTasks && processNumber < nrProcs
                && processNumber != ANY && processNumber != NONE && processNumber != SELF;
    }
}
