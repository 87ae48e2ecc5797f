package org.dvs.helper.api;

import java.util.List;
import java.util.regex.Pattern;

import org.dvs.procfs.NamespaceKind;

/**
 * All that the helper can be asked: a closed set. No request holds a path of the file system or words for a shell, and each
 * constructor refuses what is out of range, on the asking side and again on the acting one.
 *
 * <p>A process is always named by its id and the tick of its start (see {@link org.dvs.procfs.ProcessTable#startTicks}): one that
 * got the id of an ended one is not touched.
 *
 * <p>Source: conventions 12, host commands; dvsd reference 7 to 9.
 */
public sealed interface HelperRequest {
    /** Most arguments of a program, as for RQST_COMMAND. */
    int MAX_ARGUMENTS = 256;
    int MAX_ARGUMENT = 8 * 1024;
    /** Less than a pipe holds, whatever its characters. */
    int MAX_STDIN = 16 * 1024;
    Pattern CONTROLLER = Pattern.compile("[a-z][a-z0-9_]{0,31}");
    int MAX_CONTAINERS = 1_000;
    Pattern CONTAINER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_./:@-]{0,255}");
    /** Not beginning with what a program would take for an option. */
    Pattern DEVICE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}");
    Pattern HOST_NAME = Pattern.compile("([A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?)?");

    /** Whether it is there. Numbers: its process id. */
    record Ping() implements HelperRequest {
    }

    /** Sends a signal to one process. */
    record SendSignal(int pid, long start, Signal signal) implements HelperRequest {
        public SendSignal {
            process(pid, start);
        }
    }

    /** Makes a group and those above it in the tree of a controller, and switches the controller on there. */
    record GroupMake(String controller, GroupPath path) implements HelperRequest {
        public GroupMake {
            controllerName(controller);
        }
    }

    /** Writes one file of a group that is there. */
    record GroupWrite(GroupFile file, GroupPath path, String value) implements HelperRequest {
        public GroupWrite {
            require(file.takes(value), "value of " + file.file());
        }
    }

    /** Puts a process into a group that is there, in the tree of a controller. */
    record GroupPlace(String controller, GroupPath path, int pid, long start) implements HelperRequest {
        public GroupPlace {
            controllerName(controller);
            process(pid, start);
        }
    }

    /** Switches a controller of version 2 on or off for the groups below a group. */
    record GroupEnable(String controller, GroupPath path, boolean on) implements HelperRequest {
        public GroupEnable {
            controllerName(controller);
        }
    }

    /** Takes a group without processes away from every tree. */
    record GroupRemove(GroupPath path) implements HelperRequest {
        public GroupRemove {
            require(!path.names().isEmpty(), "path: the subtree's top stays");
        }
    }

    /** Takes a group away from every tree, with its limits and those below it; what is in them goes on without. */
    record GroupForget(GroupPath path) implements HelperRequest {
        public GroupForget {
            require(!path.names().isEmpty(), "path: the subtree's top stays");
        }
    }

    /** Whether this machine can limit the traffic of groups. Texts: what is lacking, one at most. */
    record NetProbe() implements HelperRequest {
    }

    /** Limits the traffic of a group that is there over a network interface; what held for both before does no longer. */
    record NetSet(GroupPath path, String device, NetLimit limit) implements HelperRequest {
        public NetSet {
            require(DEVICE.matcher(device).matches(), "interface");
        }
    }

    /** Takes the limits of a group's traffic away. @param device of one interface; empty for all */
    record NetClear(GroupPath path, String device) implements HelperRequest {
        public NetClear {
            require(device.isEmpty() || DEVICE.matcher(device).matches(), "interface");
        }
    }

    /**
     * Limits and counts of a group's traffic. Texts: the interfaces. Numbers, for each: bits sent in a second at most, received,
     * burst, priority, mark, bytes sent, packets sent, packets dropped.
     */
    record NetShow(GroupPath path) implements HelperRequest {
        /** Numbers for each interface. */
        public static final int NUMBERS = 8;
    }

    /**
     * Makes a namespace: for a program, or for a DC, which then has it until it is released. Numbers: process id and start of who
     * holds it, its inode.
     *
     * @param dcid     -1 for none
     * @param hostName in a namespace of kind UTS; empty to leave it
     * @param shared   in one of kind MNT: mounts made outside come in, none goes out
     * @param link     in one of kind NET
     * @param argv     what is started in it with the rights of the node's user; empty only for a DC
     */
    record NamespaceMake(NamespaceKind kind, int dcid, String hostName, boolean shared, NetLink link,
            List<String> argv) implements HelperRequest {
        public NamespaceMake {
            require(link.equals(NetLink.NONE) || kind == NamespaceKind.NET, "interface");
            argv = arguments(argv, dcid >= 0);
            require(dcid >= -1 && dcid < 1 << 16, "dcid");
            require(HOST_NAME.matcher(hostName).matches(), "host name");
        }
    }

    /** Ends the namespaces that a DC has. Numbers: how many there were. */
    record NamespaceRelease(int dcid) implements HelperRequest {
        public NamespaceRelease {
            require(dcid >= 0 && dcid < 1 << 16, "dcid");
        }
    }

    /** Which namespaces a DC has. Numbers: kind (ordinal), process id and start of who holds it, for each. */
    record NamespacesOf(int dcid) implements HelperRequest {
        public NamespacesOf {
            require(dcid >= 0 && dcid < 1 << 16, "dcid");
        }
    }

    /**
     * Which namespace lies in which, for kinds PID and USER. Numbers: inode and that of the one above it, 0 for none, for each
     * that has a process.
     */
    record NamespaceParents(NamespaceKind kind) implements HelperRequest {
        public NamespaceParents {
            require(kind == NamespaceKind.PID || kind == NamespaceKind.USER, "kind");
        }
    }

    /** Which DCs have groups or namespaces here. Numbers: their ids. */
    record DcsKept() implements HelperRequest {
    }

    /** Takes from a DC that has ended its groups, with their limits, and its namespaces; its processes go on without. */
    record DcForget(int dcid) implements HelperRequest {
        public DcForget {
            require(dcid >= 0 && dcid < 1 << 16, "dcid");
        }
    }

    /**
     * Mounts or unmounts what root's {@code /etc/fstab} names and marks with the option {@value #MOUNT_MARK}: source, type and
     * options are what stands there.
     *
     * @param target as it stands there
     * @param lazy   for an unmount: out of sight at once, gone when nobody uses it any more
     * @param force  for an unmount: also if its server does not answer
     */
    record MountChange(String target, boolean mount, boolean lazy, boolean force, int timeoutMs) implements HelperRequest {
        public static final String MOUNT_MARK = "x-dvs";

        public MountChange {
            require(target.startsWith("/") && target.length() <= MAX_ARGUMENT && target.indexOf('\0') < 0, "target");
            require(!mount || !lazy && !force, "lazy and force are for unmounting");
            limits(timeoutMs, 0);
        }
    }

    /** Runs a program to its end in the namespace of a process, with the rights of the node's user. Gives what it ran. */
    record RunBeside(NamespaceKind kind, int pid, long start, List<String> argv, int timeoutMs, int maxOutput)
            implements HelperRequest {
        public RunBeside {
            process(pid, start);
            argv = arguments(argv, false);
            limits(timeoutMs, maxOutput);
        }
    }

    /**
     * Runs a program to its end in all namespaces and groups that a DC has, with the rights of the node's user. Gives what it
     * ran.
     *
     * @param stdin text that it reads
     */
    record RunInDc(int dcid, List<String> argv, String stdin, int timeoutMs, int maxOutput) implements HelperRequest {
        public RunInDc {
            require(stdin.length() <= MAX_STDIN, "standard input");
            require(dcid >= 0 && dcid < 1 << 16, "dcid");
            argv = arguments(argv, false);
            limits(timeoutMs, maxOutput);
        }
    }

    /**
     * Has a container engine do something. Gives what it ran; a refusal of the engine is a refusal of the request.
     *
     * @param operands  as the verb says
     * @param memory    bytes, 0 for no limit; for RUN
     * @param milliCpus thousandths of a processor, 0 for no limit; for RUN
     */
    record ContainerCall(ContainerEngine engine, ContainerEngine.Verb verb, List<String> operands, long memory, int milliCpus,
                         int timeoutMs) implements HelperRequest {
        public ContainerCall {
            operands = List.copyOf(operands);
            boolean fits = switch (verb) {
                case LIST -> operands.isEmpty();
                case INSPECT, RUN -> !operands.isEmpty();
                case START, STOP, REMOVE -> operands.size() == 1;
            };
            require(fits && operands.size() <= MAX_CONTAINERS, "number of operands");
            for (int i = 0; i < operands.size(); i++) {
                String operand = operands.get(i);
                // What runs in the container is its own business; it stands behind the image and is no option of the engine.
                boolean inside = verb == ContainerEngine.Verb.RUN && i > 0;
                require(inside ? operand.length() <= MAX_ARGUMENT && operand.indexOf('\0') < 0
                        : verb == ContainerEngine.Verb.RUN ? IMAGE.matcher(operand).matches() : CONTAINER.matcher(operand)
                        .matches(),
                        inside ? "argument" : "name of a container or image");
            }
            require(memory >= 0 && milliCpus >= 0 && milliCpus <= 1_000_000, "limit");
            limits(timeoutMs, 0);
        }
    }

    private static void process(int pid, long start) {
        require(pid > 0 && start >= 0, "process");
    }

    private static void controllerName(String name) {
        require(CONTROLLER.matcher(name).matches(), "controller");
    }

    private static void limits(int timeoutMs, int maxOutput) {
        require(timeoutMs > 0 && timeoutMs <= 86_400_000, "time");
        require(maxOutput >= 0 && maxOutput <= 256 * 1024, "output");
    }

    private static List<String> arguments(List<String> argv, boolean noneAllowed) {
        require(argv.size() <= MAX_ARGUMENTS && (noneAllowed || !argv.isEmpty()), "number of arguments");
        for (String argument : argv) {
            require(argument.length() <= MAX_ARGUMENT && argument.indexOf('\0') < 0, "argument");
        }
        require(argv.isEmpty() || argv.get(0).startsWith("/"), "program: it must be absolute");
        return List.copyOf(argv);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("out of range: " + what);
        }
    }
}
