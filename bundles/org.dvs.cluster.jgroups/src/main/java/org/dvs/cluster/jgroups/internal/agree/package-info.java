/** Agreed groups: replication over jgroups-raft with its defects closed, and the keyed state that is agreed. */
package org.dvs.cluster.jgroups.internal.agree;
