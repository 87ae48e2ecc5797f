/**
 * For tests only: simulated time and network, and clusters in memory. In no feature.
 *
 * <p>{@link org.dvs.testkit.ImmediateCluster} is one node where everything happens at once, for unit tests.
 * {@link org.dvs.testkit.SimulatedCluster} runs many nodes in one thread from a seed, with delay, reordering, loss, crashes and
 * partitions, for protocol logic. {@link org.dvs.testkit.KernelLoopback} joins kernels without a network.
 */
@Export
@Version("1.0.0")
package org.dvs.testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
