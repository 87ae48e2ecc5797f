package org.dvs.config.api;

import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/** Whether the configuration of this node is sound. An OSGi service; thread-safe. For health checks and metrics. */
@ProviderType
public interface ConfigStatus {

    /** Files, or the environment of a PID, that were checked, found good and taken, since this bundle started. */
    long accepted();

    /** Those that were found bad: what ran before went on. */
    long rejected();

    /** What is wrong now; empty when all is well. In {@link Problem#ORDER}. */
    List<Problem> problems();

    /**
     * SHA-256 over all settings taken, lower-case hexadecimal: equal on two nodes exactly if their files and environment set
     * the same.
     */
    String hash();
}
