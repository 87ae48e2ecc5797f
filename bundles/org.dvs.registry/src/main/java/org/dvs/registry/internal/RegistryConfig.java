package org.dvs.registry.internal;

import org.dvs.api.config.Kind;
import org.dvs.api.config.Takes;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code org.dvs.registry}. */
@ObjectClassDefinition(name = "Registry", description = "Groups of nodes, and what is run when members come and go")
public @interface RegistryConfig {

    @AttributeDefinition(name = "Groups", description = "Groups of nodes: NAME: NODESET; NAME: NODESET; ... used as @NAME")
    @Takes(Kind.GROUPS)
    String groups() default "";

    @AttributeDefinition(name = "Join script", description =
            "Program run when a node joins: absolute, or below etc/scripts; empty for none")
    @Takes(Kind.SCRIPT)
    String joinScript() default "";

    @AttributeDefinition(name = "Join timeout", description = "Milliseconds after which the script is ended with all it started",
            min = "100", max = "3600000")
    long joinTimeoutMs() default 30_000;

    @AttributeDefinition(name = "Join only on", description = "Members that run it: all, or the one with the lowest id")
    OnlyOn joinOnlyOn() default OnlyOn.all;

    @AttributeDefinition(name = "Disconnect script", description =
            "Program run when a node leaves or its process ends: absolute, or below etc/scripts; empty for none")
    @Takes(Kind.SCRIPT)
    String disconnectScript() default "";

    @AttributeDefinition(name = "Disconnect timeout", description =
            "Milliseconds after which the script is ended with all it started",
            min = "100", max = "3600000")
    long disconnectTimeoutMs() default 30_000;

    @AttributeDefinition(name = "Disconnect only on", description = "Members that run it: all, or the one with the lowest id")
    OnlyOn disconnectOnlyOn() default OnlyOn.all;

    @AttributeDefinition(name = "Partition script", description =
            "Program run when the network to nodes fails: absolute, or below etc/scripts; empty for none")
    @Takes(Kind.SCRIPT)
    String partitionScript() default "";

    @AttributeDefinition(name = "Partition timeout", description =
            "Milliseconds after which the script is ended with all it started",
            min = "100", max = "3600000")
    long partitionTimeoutMs() default 30_000;

    @AttributeDefinition(name = "Partition only on", description = "Members that run it: all, or the one with the lowest id")
    OnlyOn partitionOnlyOn() default OnlyOn.all;

    @AttributeDefinition(name = "Merge script", description =
            "Program run when nodes come back after a partition: absolute, or below etc/scripts; empty for none")
    @Takes(Kind.SCRIPT)
    String mergeScript() default "";

    @AttributeDefinition(name = "Merge timeout", description = "Milliseconds after which the script is ended with all it started",
            min = "100", max = "3600000")
    long mergeTimeoutMs() default 30_000;

    @AttributeDefinition(name = "Merge only on", description = "Members that run it: all, or the one with the lowest id")
    OnlyOn mergeOnlyOn() default OnlyOn.all;

    @AttributeDefinition(name = "Queue", description = "Events that may wait for their script; the script of one more is skipped",
            min = "1", max = "10000")
    int queueSize() default 64;

    @AttributeDefinition(name = "Output", description = "Bytes of a script's output that go into the log", min = "0",
            max = "1048576")
    int maxOutputBytes() default 8_192;

    @AttributeDefinition(name = "Journal", description = "Newest events kept for 'dvs cluster events'", min = "1", max = "10000")
    int journalSize() default 200;
}
