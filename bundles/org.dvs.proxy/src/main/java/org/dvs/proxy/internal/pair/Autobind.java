package org.dvs.proxy.internal.pair;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProxyPair;

/**
 * Binds the source of a command here if that is why the kernel does not take it: a user endpoint that is unknown here, of an
 * earlier generation, or bound as living on another node. Whatever else is wrong stands. What gives way to it the kernel decides,
 * as somebody may be bound between its answer and the next call; and where another node must be asked for that first, the origin
 * calls again.
 *
 * <p>Source: dsp-lb reference 6.4; R-PXY-11.
 */
public final class Autobind {
    /** Name of what is bound. */
    static final String NAME = "rclient";

    private final Kernel kernel;

    public Autobind(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Binds the source of a command that the kernel has left alone, if it may be, and puts it again: either it is carried out, or
     * its origin hears why not.
     *
     * @return as {@link ProxyPair#put2lcl(Command)}
     */
    int put(ProxyPair pair, Command command, Counters counters) {
        if (bind(command)) {
            counters.autobound++;
        }
        return pair.put2lcl(command);
    }

    private boolean bind(Command command) {
        try {
            DcSettings dc = kernel.dc(command.dcid).settings();
            if (dc.numbers().processNumber(command.source) < dc.firstUser()) {
                return false;
            }
            kernel.autobind(command.dcid, command.source, NAME, command.sourceNode);
            return true;
        } catch (DvsException e) {
            return false;
        }
    }
}
