package org.dvs.kernel.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A program in the container with a thread of its own. Register it as a service with {@link #DCID} and {@link #ENDPOINT}: it is
 * bound and run when its DC runs, and unbound and interrupted when the service goes.
 */
@ConsumerType
@FunctionalInterface
public interface DvsProgram {
    /** Service property, required: the DC, {@code Integer}. */
    String DCID = "dvs.dcid";
    /** Service property, required: the endpoint, {@code Integer}. */
    String ENDPOINT = "dvs.endpoint";
    /** Service property: name in listings, at most 15 characters; the default is the class's. */
    String NAME = "dvs.program";

    /**
     * Runs until it returns, throws or is interrupted; then its endpoint is unbound. It is run again in the next DC of that number.
     *
     * @param self closed by the kernel when this returns
     */
    void run(Endpoint self) throws Exception;
}
