package org.dvs.kernel.internal.ipc;

/**
 * What all processes of a DC did on this node since the DC began here, those that ended included.
 *
 * @param bound   slots in use
 * @param lclSent messages to processes of this node
 * @param rmtSent to others
 * @param lclCopy copies within this node
 * @param rmtCopy with others
 */
public record IpcCounts(int dcid, int bound, long lclSent, long rmtSent, long lclCopy, long rmtCopy) {

    IpcCounts plus(Proc proc) {
        return new IpcCounts(dcid, bound, lclSent + proc.lclSent, rmtSent + proc.rmtSent, lclCopy + proc.lclCopy,
                rmtCopy + proc.rmtCopy);
    }
}
