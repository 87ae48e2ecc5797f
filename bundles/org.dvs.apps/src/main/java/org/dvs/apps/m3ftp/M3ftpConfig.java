package org.dvs.apps.m3ftp;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code org.dvs.apps.m3ftp}. */
@ObjectClassDefinition(name = "DVS m3ftp", description = "Files that this node's container gives and takes by blocks.")
@interface M3ftpConfig {
    /** The folder of a node that is told nothing else. */
    String FOLDER = "m3ftp";

    @AttributeDefinition(name = "Folder", description = "Files of 'proc m3ftp' and of the server;"
            + " relative to the node's data folder, or absolute and there.")
    String folder() default FOLDER;

    @AttributeDefinition(name = "Server", description = "Whether a server runs in this node's container.")
    boolean server() default false;

    @AttributeDefinition(name = "DC", description = "DC of the server.", min = "0", max = "65535")
    int dcid() default 0;

    @AttributeDefinition(name = "Endpoint", description = "Endpoint of the server; a system process's.", min = "0", max = "65535")
    int endpoint() default 20;

    @AttributeDefinition(name = "Writable", description = "Whether clients may leave files with the server.")
    boolean writable() default false;
}
