package org.dvs.dispatcher.internal.wire;

/**
 * What tells one request from all others. Source: dvsd reference 5.3; R-CMD-03, R-CMD-04.
 *
 * @param requester   id of the node that asks, 0 or more
 * @param incarnation differs at each start of that node's dispatcher
 * @param sequence    counts the requests of that incarnation from 1
 * @param type        {@code RQST_...}
 */
public record Key(int requester, long incarnation, long sequence, String type) {

    /** The id that people see, the same on all nodes: {@code node0-5f3a9c21-12}. */
    public String id(String requesterName) {
        return requesterName + '-' + Long.toHexString(incarnation) + '-' + sequence;
    }
}
