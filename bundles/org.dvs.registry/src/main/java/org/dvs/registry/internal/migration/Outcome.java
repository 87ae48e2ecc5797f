package org.dvs.registry.internal.migration;

/**
 * How the last migration of an endpoint ended.
 *
 * @param id      request that began it
 * @param request request that changed it last
 * @param moved   whether the process moved
 * @param rcode   0, or why it did not
 * @param why     for people
 */
record Outcome(String id, String request, boolean moved, int rcode, String why) {
}
