package org.dvs.kernel.internal.gate;

import org.dvs.api.config.Kind;
import org.dvs.api.config.Takes;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code org.dvs.kernel.gate}. */
@ObjectClassDefinition(name = "DVS kernel gate", description = "Where programs outside the container find the kernel.")
@interface GateConfig {
    @AttributeDefinition(name = "Socket", description = "File of the Unix-domain socket; relative to the node's data folder.")
    String socket() default "kernel.sock";

    @AttributeDefinition(name = "Mode",
            description = "Permissions of the socket's file, octal: who may write to it may bind programs.")
    @Takes(Kind.MODE)
    String socketMode() default "0600";

    @AttributeDefinition(name = "Programs", description = "Programs connected at once; one more is refused.", min = "1",
            max = "100000")
    int maxPrograms() default 1000;
}
