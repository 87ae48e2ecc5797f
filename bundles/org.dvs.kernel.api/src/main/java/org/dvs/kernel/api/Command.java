package org.dvs.kernel.api;

import java.nio.ByteBuffer;

/**
 * What proxies carry between two kernels: {@code cmd_t}, with its payload. A mutable record of fields: the sender proxy gets one
 * from {@link ProxyPair#get2rmt} and the receiver's side hands one to {@link ProxyPair#put2lcl}. Not thread-safe.
 *
 * <p>Source: dvs-kernel reference 4.8 and 12.1.
 */
public final class Command {
    /** Added to a code, makes it the answer's. */
    public static final int ACK = 0x2000;

    public static final int NONE = 0;
    public static final int SEND_MSG = 1;
    public static final int NTFY_MSG = 2;
    public static final int SNDREC_MSG = 3;
    public static final int REPLY_MSG = 4;
    public static final int COPYIN_DATA = 5;
    public static final int COPYOUT_RQST = 6;
    public static final int COPYLCL_RQST = 7;
    public static final int COPYRMT_RQST = 8;
    public static final int COPYIN_RQST = 9;
    /**
     * Asks the destination's node to say when that process ends, with PROCUNBIND; at once if it is not there. With a
     * {@link #call} it is answered, too, where that is or has been there: by its ACK, whose {@link #rcode} is the node that the
     * process is on, or MIGRATE.
     */
    public static final int PROCINFO = 12;
    /** The source, which is the destination too, is not bound at its node any more. Nobody answers that. */
    public static final int PROCUNBIND = 14;

    public static final int SEND_ACK = SEND_MSG | ACK;
    public static final int SNDREC_ACK = SNDREC_MSG | ACK;
    public static final int COPYIN_ACK = COPYIN_DATA | ACK;
    public static final int COPYOUT_DATA = COPYOUT_RQST | ACK;
    public static final int COPYLCL_ACK = COPYLCL_RQST | ACK;
    public static final int COPYRMT_ACK = COPYRMT_RQST | ACK;

    /** One of the codes above. */
    public int code;
    public int dcid;
    /** Who asks, or who acknowledges. */
    public int source;
    /** To whom it goes. */
    public int destination;
    public int sourceNode;
    public int destinationNode;
    /**
     * Result of an acknowledgement; the value of a notification, -1 for none; of a message the {@link #call} of the addressee
     * that it answers, 0 for none.
     */
    public int rcode;
    /** Process id of the program that caused it, true as the operating system says; {@link EndpointNumbers#NO_PID} otherwise. */
    public int pid;
    /** Milliseconds since the epoch, of the sending node's clock, when the proxy took it. */
    public long timestamp;
    /**
     * Which of the requester's calls this belongs to; comes back in the acknowledgement, so that a late one is told apart. Of a
     * notification, which has none: how often it was passed on, as its receiver had moved.
     */
    public int call;
    /** Meaningful for messages and their answers. */
    public final Message message = new Message();
    // Of a copy.
    public int copySource;
    public int copyDestination;
    public int copyRequester;
    public int requesterNode;
    /** The copy destination's. */
    public int copyNode;
    public long sourceAddress;
    public long destinationAddress;
    public int bytes;
    /**
     * Data of COPYIN_DATA, COPYIN_RQST and COPYOUT_DATA, from position to limit; null without. A sender proxy has it until it takes
     * the next command.
     */
    public ByteBuffer payload;

    public boolean isAck() {
        return (code & ACK) != 0;
    }

    /** Whether its origin is told when it is not carried out. */
    public boolean isAnswered() {
        return !isAck() && code != NTFY_MSG && code != PROCUNBIND;
    }

    /** Makes this a copy of another; the payload is shared. */
    public Command set(Command other) {
        code = other.code;
        dcid = other.dcid;
        source = other.source;
        destination = other.destination;
        sourceNode = other.sourceNode;
        destinationNode = other.destinationNode;
        rcode = other.rcode;
        pid = other.pid;
        timestamp = other.timestamp;
        call = other.call;
        message.set(other.message);
        copySource = other.copySource;
        copyDestination = other.copyDestination;
        copyRequester = other.copyRequester;
        requesterNode = other.requesterNode;
        copyNode = other.copyNode;
        sourceAddress = other.sourceAddress;
        destinationAddress = other.destinationAddress;
        bytes = other.bytes;
        payload = other.payload;
        return this;
    }

    @Override
    public String toString() {
        return "command " + Integer.toHexString(code) + " of dc" + dcid + " from " + source + "@" + sourceNode + " to "
                + destination + "@"
                + destinationNode + ", result " + rcode + (payload == null ? "" : ", " + payload.remaining() + " bytes");
    }
}
