/**
 * Servlets of the REST face. They read HTTP and write HTTP; what happens in between is the dispatcher's and the command line's.
 */
package org.dvs.rest.internal;
