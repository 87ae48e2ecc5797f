package org.dvs.config.internal;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where configurations are published: Configuration Admin, or a map in tests. A PID of a factory's configuration is
 * {@code factory~name}.
 */
public interface Store {

    /** PIDs of the configurations that this bundle published, also in an earlier run. */
    Set<String> published() throws IOException;

    /** The properties of a configuration, whoever published it, without what Configuration Admin adds. */
    Optional<Map<String, Object>> get(String pid) throws IOException;

    /** Publishes, and marks as ours. */
    void put(String pid, Map<String, Object> properties) throws IOException;

    void remove(String pid) throws IOException;
}
