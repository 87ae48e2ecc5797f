package org.dvs.security.internal.audit;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code org.dvs.security.audit}. */
@ObjectClassDefinition(name = "DVS audit", description = "The record of who did what on this node")
public @interface AuditConfig {
    String PID = "org.dvs.security.audit";

    @AttributeDefinition(name = "Reads", description = "Whether requests that only read are kept too, by the node that was asked;"
            + " what changes something and what was refused always is.")
    boolean reads() default true;

    @AttributeDefinition(name = "Lines of an hour", min = "10", max = "1000000", description = "Lines of refusals, and as many of"
            + " requests that only read, that one user may have in an hour; what is beyond is counted in one line a minute.")
    int linesAnHour() default 1_000;

    @AttributeDefinition(name = "Bytes of a file", min = "4096", max = "1073741824",
            description = "Bytes at which a file is full and the next one is begun.")
    long maxFileBytes() default 16L << 20;

    @AttributeDefinition(name = "Files", min = "2", max = "10000", description = "Files that are kept; the oldest goes first.")
    int maxFiles() default 32;
}
