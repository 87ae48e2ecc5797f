package org.dvs.registry.api;

import java.util.List;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/** Ids and names of the nodes of the cluster, registered or in the view. An OSGi service; thread-safe. */
@ProviderType
public interface NodeIds {

    /**
     * @param nameOrId a number is taken as it is, whether a node has it or not
     * @throws DvsException {@code BADNODEID} for an unknown name, naming the nodes there are
     */
    int id(String nameOrId) throws DvsException;

    /** {@code node<id>} if no node has this id. */
    String name(int id);

    /** By id. */
    List<String> names();
}
