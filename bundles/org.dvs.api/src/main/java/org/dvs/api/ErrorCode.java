package org.dvs.api;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every error a user can meet. Numbers up to 999 are the EDVS numbers of the original kernel and are kept for ever;
 * numbers from 1000 on are ours. The number is the {@code rcode} of a reply with its sign changed.
 *
 * <p>Sources: dvs-kernel reference 14 (numbers), conventions 3 (shape of the public code).
 */
public enum ErrorCode {
    PERM(1, "SEC", "The operating system does not permit this.", "Run the node with the rights this needs, or ask for something else."),
    NOENT(2, "HOST", "There is no such file, program or device.", "Check the spelling, and that it exists on that node."),
    SRCH(3, "HOST", "There is no such process.", "List the processes again; it may have ended."),
    INTR(4, "REQ", "The request was interrupted or cancelled.", "Send it again if you still want its result."),
    IO(5, "SYS", "Reading or writing failed.", "Look at the node's log and at its disk."),
    TOOBIG(7, "REQ", "The value or message is larger than allowed.", "Send less, or raise the limit that the detail names."),
    AGAIN(11, "REQ", "The node is too busy to take this now.", "Try again shortly."),
    NOMEM(12, "SYS", "There is not enough memory.", "Free memory or raise the node's heap."),
    ACCES(13, "SEC", "Access was denied.", "Use an account that may do this, or have it allowed."),
    BUSY(16, "SYS", "The resource is in use.", "Wait until it is free, or stop what uses it."),
    EXIST(17, "SYS", "It exists already.", "Choose another name, or remove the existing one first."),
    INVAL(22, "REQ", "An argument is not valid.", "Read the command's help for what it takes."),
    NOSPC(28, "SYS", "There is no space left.", "Free space on the disk that the detail names."),
    RANGE(34, "REQ", "A number is out of its range.", "Read the command's help for the range."),
    NOSYS(38, "REQ", "This request is not offered here.", "Install the feature that serves it on that node, or choose other nodes."),
    DSTNOTRCH(56, "NET", "The node cannot be reached.", "See 'dvs node list'; start the node or mend its network."),
    TIMEDOUT(61, "REQ", "No answer came in time.", "Look at that node, or allow more time with --timeout."),
    NOTCONN(64, "NET", "The node left the cluster before it answered.", "See 'dvs node list'; retry with --retry when it is back."),
    MSGSIZE(73, "REQ", "The reply is larger than a reply may be.", "Narrow the request, or raise maxReplyBytes."),
    GENERIC(99, "SYS", "Something failed that should not fail.", "Look in the node's log for the request id, and report it."),
    CALLDENIED(104, "SEC", "The allow-list does not permit this.", "Add it to the allow-list of that node, or run something it holds."),
    NOTREADY(106, "CLU", "This node has no majority of the cluster behind it, or is still starting.", "Wait until the cluster is whole; 'dvs node list' shows who is missing."),
    BADREQUEST(107, "REQ", "There is no such request.", "See 'dvs requests' for those that are served."),
    BADNODEID(301, "CLU", "There is no such node.", "See 'dvs node list' for the nodes."),
    BADDCID(302, "DC", "There is no such DC.", "See 'dvs dc list' for the DCs."),
    DCNOTRUN(303, "DC", "The DC is not running.", "Start it with 'dvs dc init'."),
    NODEBUSY(315, "CLU", "The node id is in use by another node.", "Give the new node an id of its own."),
    NONODE(316, "CLU", "The node is not known, or is registered as another one.", "See 'dvs node list'; use a certificate of this cluster."),
    DVSBUSY(317, "DVS", "The DVS is initialised on this node already.", "Use 'dvs dvs info' to see it, or 'dvs dvs end' to end it."),
    DVSINIT(318, "DVS", "The DVS is not initialised on this node.", "Initialise it with 'dvs dvs init'."),
    PRIVILEGES(335, "SEC", "Your role does not allow this.", "Log in with an account that has the role named."),
    BADRANGE(338, "REQ", "A value is out of its range.", "Read the command's help for the range."),
    BADVALUE(339, "REQ", "A value is not one that is taken here.", "Read the command's help for the values."),
    RSCBUSY(342, "SYS", "The resource is taken.", "Choose another, or free it first."),
    NAMESIZE(343, "REQ", "The name is too long.", "Use a shorter name."),

    USAGE(1000, "CLI", "The command was not understood; nothing was sent.", "Add --help to the command to see what it takes."),
    NONODES(1001, "CLI", "The node set matched no node; nothing was sent.", "See 'dvs node list' for the nodes."),
    CONFIRM(1002, "CLI", "This destroys something and was not confirmed; nothing was sent.", "Add --yes if you mean it."),
    MAXFAIL(1003, "REQ", "Skipped: too many nodes had failed before.", "Mend the failed nodes, then use --retry."),
    CLIENTTIMEOUT(1004, "CLI", "The overall deadline passed.", "Allow more time with --timeout."),
    NOLOGIN(1005, "SEC", "Login failed.", "Check the name and password, or the token."),
    LOGINRATE(1006, "SEC", "Too many failed logins.", "Wait a minute, then try again."),
    NOJOB(1007, "REQ", "There is no such job on this node.", "Jobs are kept on the node that took them, for the newest ones."),
    CONFLICT(1008, "CLU", "The agreed state changed meanwhile.", "Read it again and repeat the change."),
    UNKNOWNOUTCOME(1009, "CLU", "The change may or may not have been agreed.", "Read the state before you repeat the change."),
    LOGDAMAGED(1010, "CLU", "The agreed log on disk is damaged.", "Do not edit it: remove this node from the cluster and add it anew, or restore its folder."),
    STOPPED(1011, "CLU", "The cluster engine of this node has stopped after a storage failure.", "Mend the disk named in the log, then restart the node."),
    BADCERT(1012, "SEC", "The certificate does not belong to this cluster or to this node.", "Issue one with 'dvs node add'."),
    BADKEY(1101, "CFG", "The configuration has a key that is not known.", "Use the key suggested, or remove it."),
    BADSETTING(1102, "CFG", "A configuration value is not valid.", "Use a value of the type and range named."),
    SYNTAX(1103, "CFG", "The configuration file cannot be read at this place.", "Mend the syntax at the line and column named."),
    DUPLICATE(1104, "CFG", "The same id, name or port is used twice.", "Change one of the two places named."),
    CLEARSECRET(1105, "CFG", "A secret stands in clear text in a configuration file.", "Use secret:NAME, file:PATH or env:NAME instead."),
    NOCONFIG(1106, "CFG", "There is no such configuration file or schema.", "Check the file's name: it must be the PID of a bundle's configuration."),
    MISSINGKEY(1107, "CFG", "A mandatory key is missing.", "Add the key.");

    private static final Map<Integer, ErrorCode> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ErrorCode::number, Function.identity()));

    private final int number;
    private final String area;
    private final String sentence;
    private final String nextStep;

    ErrorCode(int number, String area, String sentence, String nextStep) {
        this.number = number;
        this.area = area;
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
