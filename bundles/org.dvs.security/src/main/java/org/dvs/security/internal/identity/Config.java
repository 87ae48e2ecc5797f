package org.dvs.security.internal.identity;

import org.dvs.api.config.Kind;
import org.dvs.api.config.Takes;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code org.dvs.security}. */
@ObjectClassDefinition(name = "DVS security", description = "Keys of this node, and logins")
public @interface Config {
    @AttributeDefinition(name = "Folder of keys",
            description = "Folder of this node's keys and credentials, absolute or below the"
            + " node's base folder; one other than the default must be there. Changing it makes the node"
            + " somebody else: it restarts everything that knows its identity.")
    @Takes(Kind.FOLDER)
    String keysFolder() default "keys";

    @AttributeDefinition(name = "Name of the cluster",
            description = "Name of the cluster that a lone node makes at its first start;"
            + " without effect afterwards: the name stands in the authority's certificate.")
    @Takes(Kind.NAME)
    String clusterName() default "dvs";

    @AttributeDefinition(name = "Failed logins per minute",
            description = "Failed logins allowed per minute for one user and address;"
            + " more are refused unseen until the minute is over.", min = "1", max = "1000")
    int failedLoginsPerMinute() default 5;
}
