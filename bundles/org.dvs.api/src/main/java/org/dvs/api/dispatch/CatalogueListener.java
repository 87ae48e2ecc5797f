package org.dvs.api.dispatch;

import org.dvs.api.request.RequestSpec;
import org.osgi.annotation.versioning.ConsumerType;

/** Hears which requests this node serves. An OSGi service (whiteboard); a new one first hears all that are served. */
@ConsumerType
public interface CatalogueListener {

    void offered(RequestSpec spec);

    void withdrawn(RequestSpec spec);
}
