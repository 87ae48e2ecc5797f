/** The agreed log on disk. Knows nothing of networks; of jgroups-raft only the {@code Log} contract. */
package org.dvs.cluster.jgroups.internal.log;
