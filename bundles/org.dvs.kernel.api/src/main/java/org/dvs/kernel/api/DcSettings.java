package org.dvs.kernel.api;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * What a DC is made with: the part of {@code dc_usr_t} that a caller gives.
 *
 * <p>Source: dvs-kernel reference 4.2 and 11.
 *
 * @param dcid        0 to nr_dcs - 1
 * @param name        unique among running DCs, 1 to 15 characters
 * @param nrProcs     endpoints from 0 on, {@link DvsParameters#MIN_PROCS} to the DVS's
 * @param nrTasks     endpoints below 0, at most the DVS's
 * @param nrSysprocs  slots of tasks and servers together, at most the DVS's
 * @param nrNodes     member nodes there may be, at most the DVS's
 * @param warn2proc   endpoint that is told when a process of the DC ends, if it may take messages;
 *                    {@link EndpointNumbers#NONE} for nobody
 * @param warnMessage type of that message; -1 where it is not used
 * @param generations whether each bind of a slot gives it a new endpoint, so that a stale one is told from its successor
 */
public record DcSettings(int dcid, String name, int nrProcs, int nrTasks, int nrSysprocs, int nrNodes, int warn2proc,
                         int warnMessage, boolean generations) {

    /** The DVS's own limits, nobody warned, generations not counted. */
    public static DcSettings of(int dcid, String name, DvsParameters dvs) {
        return new DcSettings(dcid, name, dvs.nrProcs(), dvs.nrTasks(), dvs.nrSysprocs(), dvs.nrNodes(), EndpointNumbers.NONE, -1,
                false);
    }

    public DcSettings warning(int endpoint, int messageType) {
        return new DcSettings(dcid, name, nrProcs, nrTasks, nrSysprocs, nrNodes, endpoint, messageType, generations);
    }

    public DcSettings countingGenerations() {
        return new DcSettings(dcid, name, nrProcs, nrTasks, nrSysprocs, nrNodes, warn2proc, warnMessage, true);
    }

    /** @return the first process number of the user processes: those below are the tasks' and the servers' */
    public int firstUser() {
        return nrSysprocs - nrTasks;
    }

    public EndpointNumbers numbers() {
        return new EndpointNumbers(nrTasks, nrProcs);
    }

    /** @throws DvsException {@code NAMESIZE}, {@code BADVALUE} for the name; {@code BADRANGE} naming any other field */
    public DcSettings check(DvsParameters dvs) throws DvsException {
        Given.required(dvs, "DVS parameters");
        DvsParameters.checkName(name);
        DvsParameters.range("dcid", dcid, 0, dvs.nrDcs() - 1);
        DvsParameters.range("nr_procs", nrProcs, DvsParameters.MIN_PROCS, dvs.nrProcs());
        DvsParameters.range("nr_tasks", nrTasks, 1, dvs.nrTasks());
        int most = Math.min(dvs.nrSysprocs(), nrTasks + nrProcs - 1);
        if (nrSysprocs <= nrTasks || nrSysprocs > most) {
            throw new DvsException(ErrorCode.BADRANGE, "nr_sysprocs: " + nrSysprocs + " is not in range " + (nrTasks + 1) + ".."
                    + most + ": more than nr_tasks, fewer than nr_tasks + nr_procs, at most the DVS's");
        }
        DvsParameters.range("nr_nodes", nrNodes, 1, dvs.nrNodes());
        if (warn2proc != EndpointNumbers.NONE && !numbers().isSlot(numbers().processNumber(warn2proc))) {
            throw new DvsException(ErrorCode.BADRANGE, "warn2proc: " + warn2proc + " is not an endpoint of this DC, whose "
                    + "process numbers are " + -nrTasks + ".." + (nrProcs - 1));
        }
        return this;
    }
}
