package org.dvs.kernel.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the kernel; checked with the file by the configuration bundle. */
@ObjectClassDefinition(name = "DVS kernel", description = "Threads that the kernel lends to programs")
public @interface KernelConfig {
    @AttributeDefinition(name = "handler threads", description = "threads that go on with handlers whose callers cannot be kept",
            min = "1", max = "256")
    int handlerThreads() default 2;
}
