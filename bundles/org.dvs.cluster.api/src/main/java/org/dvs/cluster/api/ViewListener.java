package org.dvs.cluster.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears membership events. An OSGi service (whiteboard). Called one after another on a thread that may block for a short while. */
@ConsumerType
public interface ViewListener {

    void happened(ViewEvent event);
}
