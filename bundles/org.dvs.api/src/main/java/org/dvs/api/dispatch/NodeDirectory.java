package org.dvs.api.dispatch;

import java.util.List;
import java.util.Map;

import org.osgi.annotation.versioning.ProviderType;

/** Names of nodes and groups, for node sets and completion. Thread-safe. */
@ProviderType
public interface NodeDirectory {

    /** Every registered node by id, ascending, in the view or not. */
    List<String> nodes();

    /** Groups from the configuration: name to node set expression. */
    Map<String, String> groups();

    /** The name of this node. */
    String local();
}
