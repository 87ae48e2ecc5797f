package org.dvs.api;

import static org.dvs.api.ErrorKind.ARGUMENT;
import static org.dvs.api.ErrorKind.DEFECT;
import static org.dvs.api.ErrorKind.FORBIDDEN;
import static org.dvs.api.ErrorKind.LOGIN;
import static org.dvs.api.ErrorKind.MISSING;
import static org.dvs.api.ErrorKind.RATE;
import static org.dvs.api.ErrorKind.SIZE;
import static org.dvs.api.ErrorKind.STATE;
import static org.dvs.api.ErrorKind.TIMEOUT;
import static org.dvs.api.ErrorKind.UNAVAILABLE;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every error a user can meet. Numbers up to 999 are all the EDVS numbers of the original kernel and are kept for ever;
 * numbers from 1000 on are ours. The number is the {@code rcode} of a reply with its sign changed.
 *
 * <p>Sources: dvs-kernel reference 14 (numbers), conventions 3 (shape of the public code).
 */
public enum ErrorCode {
    // 1..40: files, processes and arguments, with the numbers of Linux.
    PERM(1, "SEC", FORBIDDEN, "The operating system does not permit this.",
            "Run the node with the rights this needs, or ask for something else."),
    NOENT(2, "HOST", MISSING, "There is no such file, program or device.",
            "Check the spelling, and that it exists on that node."),
    SRCH(3, "HOST", MISSING, "There is no such process.", "List the processes again; it may have ended."),
    INTR(4, "REQ", UNAVAILABLE, "The request was interrupted or cancelled.", "Send it again if you still want its result."),
    IO(5, "SYS", DEFECT, "Reading or writing failed.", "Look at the node's log and at its disk."),
    NXIO(6, "HOST", MISSING, "There is no such device or address.", "Check the device's name on that node."),
    TOOBIG(7, "REQ", SIZE, "The value or message is larger than allowed.",
            "Send less, or raise the limit that the detail names."),
    NOEXEC(8, "HOST", ARGUMENT, "The file is not a program that this node can run.",
            "Check that it was built for the node's processor and can be executed."),
    BADF(9, "HOST", STATE, "The file or connection is not open.", "Open it again and repeat the request."),
    CHILD(10, "HOST", MISSING, "There is no child process to wait for.",
            "List the processes again; it may have been waited for already."),
    AGAIN(11, "REQ", UNAVAILABLE, "This cannot be done now without waiting.", "Try again shortly."),
    NOMEM(12, "SYS", UNAVAILABLE, "There is not enough memory.", "Free memory or raise the node's heap."),
    ACCES(13, "SEC", FORBIDDEN, "Access was denied.", "Use an account that may do this, or have it allowed."),
    FAULT(14, "IPC", ARGUMENT, "An address lies outside the memory of its process.",
            "Check address and length of the buffer in that process."),
    NOTBLK(15, "HOST", ARGUMENT, "A block device is needed here.", "Name a block device, such as a disk."),
    BUSY(16, "SYS", STATE, "The resource is in use.", "Wait until it is free, or stop what uses it."),
    EXIST(17, "SYS", STATE, "It exists already.", "Choose another name, or remove the existing one first."),
    XDEV(18, "HOST", ARGUMENT, "The two files are not on the same file system.",
            "Copy the file instead of linking or renaming it."),
    NODEV(19, "HOST", MISSING, "There is no such device, or it cannot do this.", "Check the device's name on that node."),
    NOTDIR(20, "HOST", ARGUMENT, "A part of the path is not a folder.", "Check the path on that node."),
    ISDIR(21, "HOST", ARGUMENT, "The path is a folder where a file is needed.", "Name a file."),
    INVAL(22, "REQ", ARGUMENT, "An argument is not valid.", "Read the command's help for what it takes."),
    NFILE(23, "SYS", UNAVAILABLE, "The node has too many files open altogether.",
            "Close what is not needed there, or raise the system's limit of open files."),
    MFILE(24, "SYS", UNAVAILABLE, "The process has too many files open.",
            "Close what it does not need, or raise its limit of open files."),
    NOTTY(25, "HOST", ARGUMENT, "The device does not know this operation.", "Check that it is the device you mean."),
    TXTBSY(26, "HOST", STATE, "The program file is in use.", "Stop the program that runs from it, then try again."),
    FBIG(27, "HOST", SIZE, "The file would become too large.", "Split it, or raise the file size limit on that node."),
    NOSPC(28, "SYS", UNAVAILABLE, "There is no space left.", "Free space on the disk that the detail names."),
    SPIPE(29, "HOST", ARGUMENT, "This file can only be read or written in order.",
            "Use a regular file where a position is needed."),
    ROFS(30, "HOST", STATE, "The file system can only be read.", "Choose another place, or have it mounted for writing."),
    MLINK(31, "HOST", STATE, "The file has too many links.", "Remove links that are not needed, or copy the file."),
    PIPE(32, "HOST", UNAVAILABLE, "Nobody reads the other end any more.", "Start the reader again, then repeat the request."),
    DOM(33, "REQ", ARGUMENT, "An argument lies outside what the function is defined for.", "Check the values given."),
    RANGE(34, "REQ", ARGUMENT, "A number is out of its range.", "Read the command's help for the range."),
    DEADLK(35, "IPC", STATE, "Waiting here would never end, because the two wait for each other.",
            "Let one of them receive before it sends, or use sendrec."),
    NAMETOOLONG(36, "HOST", ARGUMENT, "The path or file name is too long.", "Use a shorter path."),
    NOLCK(37, "SYS", UNAVAILABLE, "The node has no file lock left.", "Try again when other programs have released theirs."),
    NOSYS(38, "REQ", MISSING, "This request is not offered here.",
            "Install the feature that serves it on that node, or choose other nodes."),
    NOTEMPTY(39, "HOST", STATE, "The folder is not empty.", "Empty it first."),
    LOOP(40, "HOST", ARGUMENT, "The path passes through too many symbolic links.", "Look for links that point at each other."),

    // 50..75: the network, with the numbers of MINIX: never to be mapped to errno by number.
    PACKSIZE(50, "NET", ARGUMENT, "The packet has a size that is not taken here.",
            "Check that both ends use the same version and settings."),
    OUTOFBUFS(51, "NET", UNAVAILABLE, "There is no buffer left for the network.",
            "Try again shortly; if it stays, lower the load of that node."),
    BADIOCTL(52, "NET", ARGUMENT, "The device does not take this control call.",
            "Check that node and program use the same version of DVS."),
    BADMODE(53, "NET", STATE, "This cannot be done in the present mode of the connection.",
            "Check how the connection was opened."),
    WOULDBLOCK(54, "NET", UNAVAILABLE, "This would have to wait, and waiting was not asked for.",
            "Try again shortly, or give a timeout."),
    BADDEST(55, "IPC", ARGUMENT, "A message cannot be sent to this endpoint.",
            "Name another process: neither the sender itself nor the hardware can be addressed."),
    DSTNOTRCH(56, "NET", UNAVAILABLE, "The node cannot be reached.", "See 'dvs node list'; start the node or mend its network."),
    ISCONN(57, "NET", STATE, "It is connected already.", "Use the connection there is, or disconnect it first."),
    ADDRINUSE(58, "NET", STATE, "The address or port is in use.", "Choose another port, or stop what uses it."),
    CONNREFUSED(59, "NET", UNAVAILABLE, "The other side refused the connection, or has no session for it.",
            "Check that the server runs there and listens on that port."),
    CONNRESET(60, "NET", UNAVAILABLE, "The other side cut the connection.", "Look in its log, then connect again."),
    TIMEDOUT(61, "REQ", TIMEOUT, "No answer came in time.", "Look at that node, or allow more time with --timeout."),
    URG(62, "NET", STATE, "Urgent data waits to be read first.", "Read the urgent data, then repeat the request."),
    NOURG(63, "NET", STATE, "There is no urgent data.", "Read ordinary data instead."),
    NOTCONN(64, "NET", UNAVAILABLE, "The node is not connected, or left the cluster before it answered.",
            "See 'dvs node list'; retry with --retry when it is back."),
    SHUTDOWN(65, "IPC", UNAVAILABLE, "The process is being unbound or its connection closed, so its wait ended.",
            "Let it end; bind a new process if the service is needed."),
    NOCONN(66, "NET", MISSING, "There is no such connection.", "List the connections again; it may have ended."),
    AFNOSUPPORT(67, "NET", ARGUMENT, "This kind of address is not supported.",
            "Use an address of a kind that the node has, such as IPv4."),
    PROTONOSUPPORT(68, "NET", ARGUMENT, "This protocol is not supported.", "Use a protocol that both nodes have."),
    PROTOTYPE(69, "NET", ARGUMENT, "The protocol does not fit this kind of connection.",
            "Choose the protocol that belongs to the connection."),
    INPROGRESS(70, "NET", STATE, "The connection is still being made.", "Wait until it stands, then try again."),
    ADDRNOTAVAIL(71, "NET", ARGUMENT, "The node does not have this address.", "Use an address of that node."),
    ALREADY(72, "NET", STATE, "The same connection is being made already.", "Wait for the first attempt to end."),
    MSGSIZE(73, "REQ", SIZE, "The reply is larger than a reply may be.", "Narrow the request, or raise maxReplyBytes."),
    NOTSOCK(74, "NET", ARGUMENT, "This is not a network connection.", "Name a connection."),
    NOPROTOOPT(75, "NET", ARGUMENT, "The protocol does not have this option.", "Leave the option out."),

    // 99..201: calls between processes.
    GENERIC(99, "SYS", DEFECT, "Something failed that should not fail.",
            "Look in the node's log for the request id, and report it."),
    LOCKED(101, "IPC", STATE, "The send was refused because sender and receiver would wait for each other for ever.",
            "Let one of them receive before it sends, or use sendrec."),
    BADCALL(102, "IPC", FORBIDDEN, "The process may not use this call, or the call does not exist.",
            "Have the call added to its privileges; user processes may call sendrec, unbind, getep, wait4bind and wait4unbind."),
    BADSRCDST(103, "IPC", ARGUMENT, "The source or destination is not one that this call takes.",
            "Check both endpoints against the processes of the DC."),
    CALLDENIED(104, "SEC", FORBIDDEN, "The allow-list does not permit this.",
            "Add it to the allow-list of that node, or run something it holds."),
    DEADSRCDST(105, "IPC", MISSING, "The process that should answer is not alive.",
            "Start and bind it, then send the request again."),
    NOTREADY(106, "CLU", UNAVAILABLE, "This node has no majority of the cluster behind it, or is still starting.",
            "Wait until the cluster is whole; 'dvs node list' shows who is missing."),
    BADREQUEST(107, "REQ", MISSING, "There is no such request.", "See 'dvs requests' for those that are served."),
    SRCDIED(108, "IPC", UNAVAILABLE, "The process that was to send or reply ended or was unbound.",
            "Start and bind it again, then repeat the request; it may have been carried out."),
    DSTDIED(109, "IPC", MISSING, "The process that was to receive ended or was unbound before it took the message.",
            "Start and bind it again, then send once more."),
    TRAPDENIED(110, "IPC", FORBIDDEN,
            "The process may not send to this destination, or is not a system process as this call needs.",
            "Have the destination added to its privileges, or let a system process of the DC do it."),
    DONTREPLY(201, "IPC", DEFECT, "The server chose not to reply now.",
            "Nothing is wrong; this number is for servers and should not reach you, so report it."),

    // 300..352: nodes, DCs, endpoints and proxies. A result below -300 is an error even where endpoints are returned.
    ERRCODE(300, "IPC", DEFECT, "This number only marks where the errors of calls that return endpoints begin.",
            "It should not reach you; report it with the request id."),
    BADNODEID(301, "CLU", MISSING, "There is no such node.", "See 'dvs node list' for the nodes."),
    BADDCID(302, "DC", MISSING, "There is no such DC.", "See 'dvs dc list' for the DCs."),
    DCNOTRUN(303, "DC", STATE, "The DC is not running.", "Start it with 'dvs dc init'."),
    BADPROC(304, "IPC", ARGUMENT, "The process number is not one of this DC, or not one that this call takes.",
            "See 'dvs dc list' for the numbers of tasks and processes of the DC."),
    BADPID(305, "IPC", ARGUMENT, "There is no such pid on that node.",
            "List the processes of that node again; a pid counts only on its own node."),
    ENDPOINT(306, "IPC", ARGUMENT,
            "The endpoint is not valid, is the caller's own, or belongs to an earlier process of that slot.",
            "Look up the endpoint again, then repeat the call."),
    NOPROXY(307, "PXY", STATE, "The node has no proxy pair.", "Bind a proxy pair and bring the node up with it."),
    RMTPROC(308, "IPC", STATE, "The process lives on another node.", "Send the call to the node where the process is."),
    LCLPROC(309, "IPC", STATE, "The process lives on this node, where a remote one was expected.",
            "Unbind one of the two, or bind both as replicas."),
    NOTBIND(310, "IPC", MISSING, "The process or endpoint is not bound.", "Bind it to the DC first."),
    PROXYRUN(311, "PXY", STATE, "The proxy is running already.", "Use the one that runs, or stop it first."),
    ACKDST(312, "PXY", STATE, "An acknowledgement came for a process that does not wait for one, most often after its timeout.",
            "Check whether the message arrived before you send it again."),
    ACKSRC(313, "PXY", STATE, "An acknowledgement came from another process than the one addressed.",
            "Check that the endpoint is bound to the same process on both nodes."),
    ACKWAIT(314, "PXY", STATE, "An acknowledgement came for a copy that is not under way.",
            "Check whether the copy is complete before you repeat it."),
    NODEBUSY(315, "CLU", STATE, "The node id is in use by another node.", "Give the new node an id of its own."),
    NONODE(316, "CLU", MISSING, "The node is not known, or is registered as another one.",
            "See 'dvs node list'; use a certificate of this cluster."),
    DVSBUSY(317, "DVS", STATE, "The DVS is initialised on this node already.",
            "Use 'dvs dvs info' to see it, or 'dvs dvs end' to end it."),
    DVSINIT(318, "DVS", STATE, "The DVS is not initialised on this node.", "Initialise it with 'dvs dvs init'."),
    NODCNODE(319, "DC", MISSING, "The node is not a member of the DC.",
            "Add the node to the DC first; 'dvs dc list' shows its nodes."),
    PROCRUN(320, "IPC", STATE, "The process is running or busy with another call, not waiting.",
            "Try again when it waits for a message."),
    NOMSG(321, "IPC", MISSING, "There is no message waiting.", "Try again later, or wait with a timeout."),
    DCRUN(323, "DC", STATE, "The DC is running already.", "Use the DC as it is, or end it first."),
    PROCSTS(324, "IPC", STATE, "The process is not in the state that this call needs.",
            "Look at what it waits for; a reply or a copy needs a process that is waiting for the caller."),
    NODEFREE(325, "DC", STATE, "The node is not up yet in the table of the node that answered.",
            "Bring it up with its proxy pair, then add it to the DC."),
    DCNODE(326, "DC", STATE, "The node is a member of the DC already.",
            "See 'dvs dc list' for the nodes of the DC."),
    BADPROXY(327, "PXY", ARGUMENT, "This is not the right proxy.", "Check which proxy pair serves that node."),
    ONCOPY(328, "IPC", STATE, "The process takes part in a copy of memory.", "Try again when the copy has ended."),
    ENQUEUED(329, "PXY", STATE, "An earlier message of this remote process is still on its way.",
            "Wait for the earlier one to end, then send again."),
    OVERRUN(330, "IPC", STATE, "The same notification is pending already.",
            "Nothing was lost but the repetition; let the receiver take what is pending."),
    BADOWNER(331, "IPC", FORBIDDEN, "The slot belongs to another owner.", "Let its owner do this, or choose another endpoint."),
    MIGRATE(332, "IPC", STATE, "The process is migrating to another node.",
            "Try again when the migration is committed or rolled back."),
    PROXYFREE(333, "PXY", MISSING, "The proxy pair is not in use.", "Bind the pair first."),
    GRPLEADER(334, "IPC", FORBIDDEN, "The thread is not the main thread of its process.", "Let the main thread do this."),
    PRIVILEGES(335, "SEC", FORBIDDEN, "Your role does not allow this.", "Log in with an account that has the role named."),
    BINDTYPE(336, "IPC", ARGUMENT, "There is no such kind of binding.", "Use self, local, remote, backup, replica or user-mode."),
    SLOTUSED(337, "IPC", STATE, "The endpoint is bound already.", "Choose a free endpoint, or unbind the process that has it."),
    BADRANGE(338, "REQ", ARGUMENT, "A value is out of its range.", "Read the command's help for the range."),
    BADVALUE(339, "REQ", ARGUMENT, "A value is not one that is taken here.", "Read the command's help for the values."),
    BADDIR(340, "SYS", DEFECT, "A folder that DVS needs cannot be made or read.",
            "Look in that node's log for the folder, and mend its rights."),
    BADFILE(341, "SYS", DEFECT, "A file that DVS needs cannot be made or read.",
            "Look in that node's log for the file, and mend its rights."),
    RSCBUSY(342, "SYS", STATE, "The resource is taken.", "Choose another, or free it first."),
    NAMESIZE(343, "REQ", ARGUMENT, "The name is too long.", "Use a shorter name."),
    ALLOCMEM(344, "SYS", UNAVAILABLE, "The node could not get the memory for this.",
            "Free memory on that node, or give the DC smaller limits."),
    PROXYID(345, "PXY", MISSING, "There is no proxy pair with this id.",
            "Use an id from 0 to the number of nodes less one; by convention it is the remote node's id."),
    REPLPROC(346, "IPC", STATE, "The process is a replica.", "Unbind the replica first, or address the process on another node."),
    ALIGN(347, "IPC", ARGUMENT, "An address or size is not aligned.", "Round it as the detail names."),
    WOKENUP(348, "IPC", STATE, "Another process ended the wait with wakeup.",
            "Nothing is wrong; call receive again when there is nothing else to do."),
    BADTRAMP(349, "IPC", DEFECT, "The entry for user-mode processes is not usable.",
            "Check that program and node use the same version of DVS."),
    USR2USR(350, "IPC", DEFECT, "A copy between two processes was left half done inside DVS.",
            "It should not reach you; report it with the request id."),
    KRN2USR(351, "IPC", DEFECT, "A copy from DVS to a process was left half done inside DVS.",
            "It should not reach you; report it with the request id."),
    USR2KRN(352, "IPC", DEFECT, "A copy from a process to DVS was left half done inside DVS.",
            "It should not reach you; report it with the request id."),

    // 401..512: groups, and calls to be repeated.
    PRIMARY(401, "CLU", UNAVAILABLE, "The group has no primary member.",
            "Wait until one is chosen; 'dvs node list' shows who is missing."),
    NOREPLICA(402, "CLU", MISSING, "There is no replica.", "Bind a replica on another node first."),
    RESTARTSYS(512, "IPC", UNAVAILABLE, "A signal interrupted the call before it took effect.", "Repeat the call."),

    // 1000..1015: requests, login and the cluster; ours.
    USAGE(1000, "CLI", ARGUMENT, "The command was not understood; nothing was sent.",
            "Add --help to the command to see what it takes."),
    NONODES(1001, "CLI", MISSING, "The node set matched no node; nothing was sent.", "See 'dvs node list' for the nodes."),
    CONFIRM(1002, "CLI", STATE, "This destroys something and was not confirmed; nothing was sent.", "Add --yes if you mean it."),
    MAXFAIL(1003, "REQ", STATE, "Skipped: too many nodes had failed before.", "Mend the failed nodes, then use --retry."),
    CLIENTTIMEOUT(1004, "CLI", TIMEOUT, "The overall deadline passed.", "Allow more time with --timeout."),
    NOLOGIN(1005, "SEC", LOGIN, "Login failed.", "Check the name and password, or the token."),
    LOGINRATE(1006, "SEC", RATE, "Too many failed logins.", "Wait a minute, then try again."),
    NOJOB(1007, "REQ", MISSING, "There is no such job on this node.",
            "Jobs are kept on the node that took them, for the newest ones."),
    CONFLICT(1008, "CLU", STATE, "The agreed state changed meanwhile.", "Read it again and repeat the change."),
    UNKNOWNOUTCOME(1009, "CLU", TIMEOUT, "It was under way when the other side was lost, and may or may not have been done.",
            "Look whether it was done before you do it again."),
    LOGDAMAGED(1010, "CLU", DEFECT, "The agreed log on disk is damaged.",
            "Do not edit it, nor put an older copy in its place: expel the node, empty its log folder, start it, admit it."),
    STOPPED(1011, "CLU", UNAVAILABLE, "The cluster engine of this node has stopped after a storage failure.",
            "Mend the disk named in the log, then restart the node."),
    BADCERT(1012, "SEC", FORBIDDEN, "The certificate does not belong to this cluster or to this node.",
            "Issue one with 'dvs node add'."),
    NOAUDIT(1013, "SEC", UNAVAILABLE, "The audit cannot be written, so nothing that changes something is done.",
            "Make room on the disk of that node's data/audit, or mend what its log names."),
    AUDITBAD(1014, "SEC", DEFECT, "The audit is not as it was written.",
            "Keep a copy of data/audit, look at the line named, and go on behind it with 'dvs audit verify --from N'."),
    OTHERPAGE(1015, "SEC", FORBIDDEN, "This node does not let that page ask.", "Load the console's page again, from this node."),

    // 1101..1108: configuration; ours.
    BADKEY(1101, "CFG", ARGUMENT, "The configuration has a key that is not known.", "Use the key suggested, or remove it."),
    BADSETTING(1102, "CFG", ARGUMENT, "A configuration value is not valid.", "Use a value of the type and range named."),
    SYNTAX(1103, "CFG", ARGUMENT, "The configuration file cannot be read at this place.",
            "Mend the syntax at the line and column named."),
    DUPLICATE(1104, "CFG", ARGUMENT, "The same id, name or port is used twice.", "Change one of the two places named."),
    CLEARSECRET(1105, "CFG", ARGUMENT, "A secret stands in clear text in a configuration file.",
            "Use secret:NAME, file:PATH or env:NAME instead."),
    NOCONFIG(1106, "CFG", MISSING, "There is no such configuration file or schema.",
            "Check the file's name: it must be the PID of a bundle's configuration."),
    MISSINGKEY(1107, "CFG", ARGUMENT, "A mandatory key is missing.", "Add the key."),
    NOSECRET(1108, "CFG", STATE, "A secret that a setting refers to cannot be read.",
            "Put it where the reference says, readable by the node's own user alone.");

    private static final Map<Integer, ErrorCode> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ErrorCode::number, Function.identity()));

    private final int number;
    private final String area;
    private final ErrorKind kind;
    private final String sentence;
    private final String nextStep;

    ErrorCode(int number, String area, ErrorKind kind, String sentence, String nextStep) {
        this.number = number;
        this.area = area;
        this.kind = kind;
        this.sentence = sentence;
        this.nextStep = nextStep;
    }

    /** The positive number: 1..999 as in the original kernel, from 1000 on ours. */
    public int number() {
        return number;
    }

    /** The result code of a reply: always negative. */
    public int rcode() {
        return -number;
    }

    /** The public code, {@code DVS-<AREA>-<nnnn>}; never reused for another meaning. */
    public String code() {
        return String.format("DVS-%s-%04d", area, number);
    }

    /** Whose turn it is to do something about it, and when. */
    public ErrorKind kind() {
        return kind;
    }

    /** The cause in one sentence. */
    public String sentence() {
        return sentence;
    }

    /** What to do next, in one sentence. */
    public String nextStep() {
        return nextStep;
    }

    /** @return the code of a negative {@code rcode}, empty for a success or a number nobody assigned */
    public static Optional<ErrorCode> ofRcode(int rcode) {
        return Optional.ofNullable(BY_NUMBER.get(-rcode));
    }
}
