package org.dvs.registry.api;

import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.Kernel;
import org.osgi.annotation.versioning.ProviderType;

/**
 * This node's kernel while it runs, kept in line with what all nodes agree on: DVS, DCs and their members, and nodes that
 * come and go. An OSGi service that stays while the kernel is replaced; thread-safe.
 */
@ProviderType
public interface LocalKernel {

    /** @throws DvsException {@code NOSYS} while no kernel runs on this node */
    Kernel get() throws DvsException;

    /**
     * Compares the kernel's tables with what is agreed and mends what differs; returns at once. The registry does this by itself
     * when something agreed, the members of the cluster or the kernel changes. Whoever changes what the kernel needs for
     * it calls this: the proxies, when a pair was bound or a node was brought up.
     *
     * @return completes when the tables were compared after this call, also if no kernel runs; exceptionally with the
     *         {@link DvsException} of the first thing that the kernel refused, which is tried again later. What hangs on it
     *         must not block
     */
    CompletableFuture<Void> align();
}
