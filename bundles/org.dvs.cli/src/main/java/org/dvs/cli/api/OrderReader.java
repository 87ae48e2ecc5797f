package org.dvs.cli.api;

import java.util.List;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Order;
import org.dvs.api.request.Parameter;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The words of the command line without its output, for a face that follows its jobs itself. Thread-safe; an OSGi service.
 */
@ProviderType
public interface OrderReader {

    /**
     * What a command line stands for; nothing is sent. Flags that say how an answer is shown are checked and have no effect.
     *
     * @param words as in {@link Invocation#words}
     * @throws DvsException {@code USAGE} for what cannot be understood, and for what is not one request to nodes: our own
     *                      commands, {@code --help}, {@code --retry}, {@code --watch}, {@code --dry-run}; for values as
     *                      {@code RequestSpec.complete}
     */
    Order order(List<String> words, Caller caller) throws DvsException;

    /**
     * How a parameter that is no operand is written: {@code --interval}, or {@code --arg-nodes} where a common flag has its
     * name.
     */
    String flag(Parameter parameter);
}
