package org.dvs.kernel.api;

import java.util.ArrayList;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;

/**
 * What a DVS is initialised with: {@code dvs_usr_t}. The limits of the original kernel are defaults here, not ceilings.
 *
 * <p>Source: dvs-kernel reference 2, 4.1 and 11.
 *
 * @param name        of the DVS, 1 to 15 characters
 * @param nrDcs       DCs there may be
 * @param nrNodes     nodes there may be: ids 0 to nrNodes - 1
 * @param nrProcs     endpoints from 0 on, in each DC; at least {@link #MIN_PROCS}
 * @param nrTasks     endpoints below 0, in each DC; fewer than 300, so that no endpoint looks like an error
 * @param nrSysprocs  slots of tasks and servers together; more than the tasks, fewer than all slots
 * @param maxCopybuf  bytes in one chunk of a copy
 * @param maxCopylen  bytes in one copy, at least one chunk
 * @param dbglvl      bit mask of 32 bits
 */
public record DvsParameters(String name, int nrDcs, int nrNodes, int nrProcs, int nrTasks, int nrSysprocs, int maxCopybuf,
                            int maxCopylen, long dbglvl) {
    /** Those of the original kernel. */
    public static final DvsParameters DEFAULT = new DvsParameters("dvs", 32, 32, 221, 35, 64, 65_536, 1_048_576, 0);
    /** Characters in a name. */
    public static final int MAX_NAME = 15;
    /** Fewest endpoints from 0 on: one of a server and one of a user. */
    public static final int MIN_PROCS = 2;
    /** Greatest values. */
    public static final int MAX_DCS = 65_536;
    public static final int MAX_NODES = 10_000;
    public static final int MAX_PROCS = 1_048_576;
    public static final int MAX_TASKS = 299;
    public static final int MAX_COPYBUF = 1_048_576;
    public static final int MAX_COPYLEN = 1_073_741_824;
    public static final long MAX_DBGLVL = 0xFFFF_FFFFL;

    private static final String NAME = "[A-Za-z0-9_.-]+";

    /** @throws DvsException {@code NAMESIZE}, {@code BADRANGE}, {@code BADVALUE} for the copy sizes; naming the field */
    public DvsParameters check() throws DvsException {
        checkName(name);
        range("nr_dcs", nrDcs, 1, MAX_DCS);
        range("nr_nodes", nrNodes, 1, MAX_NODES);
        range("nr_procs", nrProcs, MIN_PROCS, MAX_PROCS);
        range("nr_tasks", nrTasks, 1, MAX_TASKS);
        if (nrSysprocs <= nrTasks || nrSysprocs >= nrTasks + nrProcs) {
            throw new DvsException(ErrorCode.BADRANGE, "nr_sysprocs: " + nrSysprocs + " is not in range " + (nrTasks + 1) + ".."
                    + (nrTasks + nrProcs - 1) + ": more than nr_tasks, fewer than nr_tasks + nr_procs");
        }
        if (maxCopybuf < 1 || maxCopybuf > MAX_COPYBUF) {
            throw new DvsException(ErrorCode.BADVALUE, "max_copybuf: " + maxCopybuf + " is not in range 1.." + MAX_COPYBUF);
        }
        if (maxCopylen < maxCopybuf || maxCopylen > MAX_COPYLEN) {
            throw new DvsException(ErrorCode.BADVALUE,
                    "max_copylen: " + maxCopylen + " is not in range " + maxCopybuf + ".." + MAX_COPYLEN
                    + ": at least max_copybuf");
        }
        if (dbglvl < 0 || dbglvl > MAX_DBGLVL) {
            throw new DvsException(ErrorCode.BADRANGE, "dbglvl: " + dbglvl + " is not in range 0.." + MAX_DBGLVL);
        }
        return this;
    }

    /** @throws DvsException {@code NAMESIZE}, {@code BADVALUE}: not 1 to 15 letters, digits, '_', '.' and '-'; {@code INVAL} */
    public static void checkName(String name) throws DvsException {
        Given.required(name, "name");
        if (name.length() > MAX_NAME) {
            throw new DvsException(ErrorCode.NAMESIZE, "name: " + Printable.quoted(name, 4 * MAX_NAME) + " has " + name.length()
                    + " characters, at most " + MAX_NAME);
        }
        if (!name.matches(NAME)) {
            throw new DvsException(ErrorCode.BADVALUE, "name: " + Printable.quoted(name, MAX_NAME)
                    + " must be letters, digits, '_', '.' and '-'");
        }
    }

    static void range(String field, int value, int min, int max) throws DvsException {
        if (value < min || value > max) {
            throw new DvsException(ErrorCode.BADRANGE, field + ": " + value + " is not in range " + min + ".." + max);
        }
    }

    /** @return what differs, e.g. {@code nr_dcs 16 instead of 32}; empty if nothing does */
    public List<String> differencesTo(DvsParameters inForce) {
        List<String> differences = new ArrayList<>();
        differ(differences, "name", name, inForce.name);
        differ(differences, "nr_dcs", nrDcs, inForce.nrDcs);
        differ(differences, "nr_nodes", nrNodes, inForce.nrNodes);
        differ(differences, "nr_procs", nrProcs, inForce.nrProcs);
        differ(differences, "nr_tasks", nrTasks, inForce.nrTasks);
        differ(differences, "nr_sysprocs", nrSysprocs, inForce.nrSysprocs);
        differ(differences, "max_copybuf", maxCopybuf, inForce.maxCopybuf);
        differ(differences, "max_copylen", maxCopylen, inForce.maxCopylen);
        differ(differences, "dbglvl", dbglvl, inForce.dbglvl);
        return differences;
    }

    private static void differ(List<String> differences, String field, Object asked, Object inForce) {
        if (!asked.equals(inForce)) {
            differences.add(field + ' ' + asked + " instead of " + inForce);
        }
    }
}
