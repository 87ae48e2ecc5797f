package org.dvs.helper.api;

import java.util.List;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Does what a node's own user may not do. An OSGi service; thread-safe, calls may wait as long as the request says.
 *
 * <p>With the privileged helper process at hand it is that which acts; without one the node itself acts with whatever rights its
 * user has, and the kernel decides.
 */
@ProviderType
public interface Helper {

    /**
     * @throws DvsException         what the kernel or a check refused; {@code NOTCONN} if the helper process ended while the
     * request
     *                              was under way, so that nobody knows whether it was done; {@code AGAIN} if it is being
     * restarted
     *                              and has not begun
     * @throws InterruptedException when the caller is interrupted; a program that ran for it is ended
     */
    HelperReply ask(HelperRequest request) throws DvsException, InterruptedException;

    /** True if a process of its own acts, false if the node itself does. */
    boolean separate();

    /**
     * Names of the control groups that lead to this node's, such as dvs.slice, node0-2649830342: several nodes of one machine have groups
     * of their own.
     */
    List<String> subtree();

    /** Process id of the helper process, or of this process. */
    long pid() throws DvsException, InterruptedException;
}
