package org.dvs.cluster.jgroups.internal.order;

/** Why a peer went. Later ones tell more: where two peers know different causes the greater one holds. */
public enum Cause {
    /** Its heart-beats stopped and its connections stayed: the network, or the whole machine. */
    SILENT,
    /** Its side closed its connections without a word: the process ended. */
    ENDED,
    /** It said that it leaves. */
    LEFT
}
