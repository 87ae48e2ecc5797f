package org.dvs.registry.internal.migration;

/**
 * What one node has done for one phase.
 *
 * @param id    of the migration
 * @param phase START, TAKE, COMMIT or ROLLBACK
 * @param rcode 0, or the EDVS number of a refusal
 * @param holds whether the process lives there
 * @param name  of the process, if it lives there; else empty
 * @param why   of a refusal, for people
 */
record Vote(String id, Phase phase, int rcode, boolean holds, String name, String why) {
}
