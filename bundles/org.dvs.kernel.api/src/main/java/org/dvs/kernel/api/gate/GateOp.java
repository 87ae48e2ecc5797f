package org.dvs.kernel.api.gate;

/**
 * First byte of each frame at the gate. A frame is preceded by its length, four bytes, big-endian; so are all numbers but those
 * of a {@link org.dvs.kernel.api.Message}, which are little-endian as everywhere.
 *
 * <pre>
 * to the kernel, each answered by one RESULT
 *  BIND         op | magic 4 | version 2 | kind 1 | dcid 4 | endpoint 4 | node 4 | name 1..15    result: the endpoint
 *  ATTACH       op | magic 4 | version 2 | name 1..15                                            result: the endpoint
 *                                                                                              and its DC, once bound
 *  SEND         op | peer 4 | time-out 8 | message 36      also SENDREC, REPLY
 *  REPLY_RCVRQST op | peer 4 | time-out 8 | message 36     REPLY, then RCVRQST if that went well: one RESULT, the last one's
 *  REPLY_RECEIVE as that one                               REPLY, then RECEIVE from anybody whatever became of the answer
 *  RECEIVE      op | peer 4 | time-out 8                   also RCVRQST, WAIT4BIND, WAIT4UNBIND, UNBIND
 *  NOTIFY       op | peer 4 | time-out 8 | value 4         value -1: none
 *  VCOPY        op | source 4 | address 8 | destination 4 | address 8 | bytes 4                   result: bytes
 *  GETEP        op | pid 4                                                                        result: the endpoint
 *  LCLBIND      op | dcid 4 | pid 4 | endpoint 4 | kind 1                                         result: the endpoint
 *  EXIT         op | code 4                                no RESULT: the connection ends
 * to the kernel, answers
 *  COPY_DATA    op | id 4 | rcode 4 | bytes                answers COPY_READ
 *  COPY_WRITTEN op | id 4 | rcode 4                        answers COPY_WRITE
 * to the program
 *  RESULT       op | rcode 4 | message 36 or nothing       message after what receives and succeeded
 *               op | endpoint 4 | dcid 4                    after ATTACH
 *               op | rcode 4 | UTF-8, 0..200                after what failed: what the number leaves out
 *  COPY_READ    op | id 4 | address 8 | length 4
 *  COPY_WRITE   op | id 4 | address 8 | bytes
 *  TERMINATE    op                                         the program is to end
 * </pre>
 */
public final class GateOp {
    /** "DVSG": what a program says first. */
    public static final int MAGIC = 0x44565347;
    public static final short VERSION = 2;
    /** Result of BIND and ATTACH for a program of another version; EDVS numbers above -300 are endpoints too. */
    public static final int OTHER_VERSION = Integer.MIN_VALUE;
    /** Longest frame beside the bytes of a copy and a name. */
    public static final int HEADER_BYTES = 64;
    /** Longest call: the kernel ends a program that sends a longer one. */
    public static final int MAX_CALL_BYTES = 2 * HEADER_BYTES;
    /** Longest text behind the number of a call that failed. */
    public static final int MAX_WHY_BYTES = 200;
    /** Most bytes of a copy in one frame. */
    public static final int MAX_COPY_BYTES = 512 * 1024;

    public static final byte BIND = 1;
    public static final byte ATTACH = 2;
    public static final byte SEND = 3;
    public static final byte RECEIVE = 4;
    public static final byte SENDREC = 5;
    public static final byte RCVRQST = 6;
    public static final byte REPLY = 7;
    public static final byte NOTIFY = 8;
    public static final byte VCOPY = 9;
    public static final byte WAIT4BIND = 10;
    public static final byte WAIT4UNBIND = 11;
    public static final byte UNBIND = 12;
    public static final byte GETEP = 13;
    public static final byte LCLBIND = 14;
    public static final byte EXIT = 15;
    public static final byte COPY_DATA = 16;
    public static final byte COPY_WRITTEN = 17;
    public static final byte REPLY_RCVRQST = 18;
    public static final byte REPLY_RECEIVE = 19;

    public static final byte RESULT = 32;
    public static final byte COPY_READ = 33;
    public static final byte COPY_WRITE = 34;
    public static final byte TERMINATE = 35;

    private GateOp() {
    }
}
