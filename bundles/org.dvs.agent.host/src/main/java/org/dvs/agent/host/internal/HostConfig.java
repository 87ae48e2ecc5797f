package org.dvs.agent.host.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the host agent; the one table that documentation and checks are made from. */
@ObjectClassDefinition(name = "Host agent", description = "Requests of the family HOST on this node")
public @interface HostConfig {
    /** Its configuration's PID. */
    String PID = "org.dvs.agent.host";

    @AttributeDefinition(name = "Mount deadline",
            description = "Milliseconds that RQST_DF waits for one mount; after that its space is shown as unknown",
            min = "10", max = "5000")
    long mountDeadlineMs() default 200;

    @AttributeDefinition(name = "Allow-list",
            description = "File that lists what RQST_COMMAND may run; relative to the node's etc folder, or absolute")
    String allowList() default "org.dvs.host.allow";

    @AttributeDefinition(name = "Commands at once",
            description = "Commands that run at the same time; one more is answered AGAIN", min = "1", max = "64")
    int commandsAtOnce() default 8;

    @AttributeDefinition(name = "Kill delay",
            description = "Milliseconds between the request to end (TERM) and the forced end (KILL) of a command past its deadline",
            min = "0", max = "4000")
    long killDelayMs() default 2_000;

    @AttributeDefinition(name = "setsid",
            description = "Program that gives each command a session of its own, so that all of it can be ended; absolute path")
    String setsid() default "/usr/bin/setsid";
}
