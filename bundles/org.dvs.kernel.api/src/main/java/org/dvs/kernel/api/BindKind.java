package org.dvs.kernel.api;

/** Ways to bind an endpoint. Source: dvs-kernel reference 3. */
public enum BindKind {
    /** The caller binds itself. */
    SELF,
    /** Another process of this node is bound. */
    LOCAL,
    /** The endpoint lives on another node. */
    REMOTE,
    /** A stand-by process here, whose primary is on another node. */
    BACKUP,
    /** Active replication: local here, and local on other nodes too. */
    REPLICA
}
