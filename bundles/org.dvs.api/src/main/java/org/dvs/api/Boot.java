package org.dvs.api;

/** How a node tells that it has started. */
public final class Boot {
    /** Name of the service that Karaf registers when all features of the distribution have been started. */
    public static final String FINISHED = "org.apache.karaf.features.BootFinished";

    private Boot() {
    }
}
