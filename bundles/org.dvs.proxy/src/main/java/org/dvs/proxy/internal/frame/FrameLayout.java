package org.dvs.proxy.internal.frame;

/**
 * The bytes of a frame between two proxies. The transport puts a length before it and cuts the stream by that; everything here is
 * big-endian but the message, which is little-endian everywhere.
 *
 * <pre>
 *   0         4       5      6       8          12         16      18      20        24
 *   +---------+-------+------+-------+----------+----------+-------+-------+---------+
 *   |  magic  |version| type | flags |  length  |   raw    | batch |   0   |  check  |
 *   |  DVSP   | 1, 2  |      |       | of body  |          |       |       | CRC32C  |
 *   +---------+-------+------+-------+----------+----------+-------+-------+---------+
 *  24                  32                       40                        48
 *   +------------------+------------------------+-------------------------+
 *   |     sequence     |    acknowledgement     |       cut number        |
 *   +------------------+------------------------+-------------------------+
 *
 *  COMMAND:
 *  48          168            168 + length                  + digest
 *   +-----------+--------------+--------+
 *   |  command  |     body     | digest |
 *   +-----------+--------------+--------+
 *
 *  COMMAND of version 2, which is one without data:
 *  48                           48 + length
 *   +---------------------------+
 *   |  commands, see below      |
 *   +---------------------------+
 *
 *  ALIVE:  body of 16 bytes: time of the sender, time of the peer given back (nanoseconds of their own clocks; 0 for none)
 *  END:    body of 2 bytes: number of the {@link Fault}
 *  HELLO, WELCOME: see {@link Hello}
 * </pre>
 *
 * <p><b>Command</b>, 120 bytes as in the original: dcid, source, destination, source node, destination node, code, result, call,
 * pid (4 bytes each), timestamp (8), message (36), copy source, destination and requester, requester's node, copy's node, bytes
 * (4 each), source and destination address (8 each). Without {@link #SENDPID} pid is -1 and timestamp 0.
 *
 * <p><b>Body</b> of a command frame: nothing; or the data of a copy ({@link #DATA}); or more commands without data, 120 bytes
 * each ({@link #BATCH}, {@code batch} of them, in their order behind the one in the header). With {@link #LZ4} it is one LZ4
 * block and {@code raw} its length before compression; else both lengths are equal.
 *
 * <p><b>Version 2</b>, which goes to nodes whose {@link Hello} knows it, is of command frames without data only. Their body is
 * all of their commands, each as what differs from the one before it ({@link CompactLayout}); {@code batch} counts them without
 * the first, as in version 1.
 *
 * <p><b>Check</b> is over all bytes but itself, the data of a copy and their digest: whatever says where something goes is
 * always verified. The data are verified as agreed, uncompressed, so what an LZ4 block became is verified too.
 *
 * <p><b>Sequence</b> counts command frames, from 1; HELLO and the frames without command bear the number of the last one.
 * {@code acknowledgement} is the number of the last command frame that this side has handed to its kernel.
 *
 * <p>Source: dsp-lb reference 6; R-PXY-07, R-PXY-08; conventions 10; design 6.
 */
public final class FrameLayout {
    public static final int MAGIC = 0x44565350;
    public static final int VERSION = 1;
    /** Of frames whose commands are said in fewer bytes. */
    public static final int COMPACT = 2;

    /** Of who connected: who it is, what it can, where it is. First frame. */
    public static final int HELLO = 1;
    /** The answer of who accepted, same content. */
    public static final int WELCOME = 2;
    public static final int COMMAND = 3;
    /** Says that the peer is there, how long a frame takes, and what has come. */
    public static final int ALIVE = 4;
    /** The last frame: why the connection ends. */
    public static final int END = 5;

    public static final int BATCH = 0x1;
    public static final int LZ4 = 0x2;
    /** The command has data, perhaps of length 0. */
    public static final int DATA = 0x4;
    public static final int SENDPID = 0x8;
    /** Two bits: number of the {@link DigestKind}. */
    static final int DIGEST_SHIFT = 4;
    static final int ALL_FLAGS = 0x3f;

    static final int AT_VERSION = 4;
    static final int AT_TYPE = 5;
    static final int AT_FLAGS = 6;
    public static final int AT_LENGTH = 8;
    public static final int AT_RAW = 12;
    static final int AT_BATCH = 16;
    static final int AT_ZERO = 18;
    static final int AT_CHECK = 20;
    static final int AT_SEQUENCE = 24;
    static final int AT_ACKNOWLEDGEMENT = 32;
    static final int AT_CUT = 40;
    /** Bytes of a frame without command and body. */
    public static final int HEADER = 48;
    /** Bytes of a command. */
    public static final int COMMAND_BYTES = 120;
    static final int AT_BODY = HEADER + COMMAND_BYTES;

    /** Most commands in the body of a batch: what 64 KiB hold, as in the original. */
    public static final int MAX_BATCH = 65_536 / COMMAND_BYTES;
    public static final int ALIVE_BYTES = 16;
    public static final int END_BYTES = 2;
    /** Bytes a frame may have beyond the data of a copy. */
    public static final int OVERHEAD = AT_BODY + DigestKind.MD5.bytes();

    private FrameLayout() {
    }
}
