package org.dvs.dispatcher.internal.requester;

import java.util.ArrayList;
import java.util.List;

import org.dvs.api.dispatch.NodeAnswer;

/** A node that a job asks, and what it said so far. Changed on the loop, under the job's lock where others read it. */
final class Target {
    final String node;
    /** Once it was asked. */
    int nodeId;
    /** Parts of its answer that have come. */
    int chunks;
    long bytes;
    List<List<Object>> rows = new ArrayList<>();
    /** Null until it has ended. */
    NodeAnswer answer;

    Target(String node) {
        this.node = node;
    }
}
