package org.dvs.registry.internal;

import java.util.List;
import java.util.Map;

import org.dvs.api.Printable;
import org.dvs.api.config.NodeGroups;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.cluster.api.Cluster;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names of the registered nodes and of the groups that the configuration gives. */
@Component(configurationPid = "org.dvs.registry")
public final class Directory implements NodeDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);

    private final Cluster cluster;
    private volatile Map<String, String> groups = Map.of();

    @Activate
    public Directory(@Reference Cluster cluster, RegistryConfig config) {
        this.cluster = cluster;
        configure(config.groups());
    }

    Directory(Cluster cluster, String groups) {
        this.cluster = cluster;
        configure(groups);
    }

    @Modified
    void modified(RegistryConfig config) {
        configure(config.groups());
    }

    void configure(String text) {
        NodeGroups parsed = NodeGroups.parse(text);
        parsed.problems().forEach(problem -> LOG.error("org.dvs.registry, groups: {}", Printable.line(problem)));
        groups = Map.copyOf(parsed.byName());
    }

    @Override
    public List<String> nodes() {
        return cluster.nodes().stream().map(node -> node.member().name()).toList();
    }

    @Override
    public Map<String, String> groups() {
        return groups;
    }

    @Override
    public String local() {
        return cluster.local().name();
    }
}
