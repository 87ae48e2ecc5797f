package org.dvs.proxy.internal.pair;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProxyPair;

/**
 * Binds the source of a command here if that is why the kernel does not take it: a user endpoint that is unknown here, of an
 * earlier generation, or bound as living on another node. Whatever else is wrong stands.
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
     * @param why {@code NOTBIND} if the source is unknown here; else it is bound otherwise
     * @return as {@link ProxyPair#put2lcl(Command)}
     */
    int put(ProxyPair pair, Command command, int why, Counters counters) {
        if (bind(command, why != ErrorCode.NOTBIND.rcode())) {
            counters.autobound++;
        }
        return pair.put2lcl(command);
    }

    private boolean bind(Command command, boolean other) {
        try {
            DcSettings dc = kernel.dc(command.dcid).settings();
            if (dc.numbers().processNumber(command.source) < dc.nrSysprocs() - dc.nrTasks()) {
                return false;
            }
            if (other) {
                int number = dc.numbers().processNumber(command.source);
                kernel.unbind(command.dcid, kernel.process(command.dcid, number).endpoint());
            }
            kernel.autobind(command.dcid, command.source, NAME, command.sourceNode);
            return true;
        } catch (DvsException e) {
            return false;
        }
    }
}
