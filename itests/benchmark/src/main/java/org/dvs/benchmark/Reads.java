package org.dvs.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every request that only reads, of three nodes, as an operator types it. Which there are is asked of the nodes. */
final class Reads {
    /** Tell of an interval, and last as long as it does. */
    private static final Set<String> STREAMS = Set.of("host vmstat", "host pidstat", "proxy watch");
    private static final Pattern COMMAND = Pattern.compile("\"command\": \"([a-z0-9 -]+)\",\\s+"
            + "\"role\": \"(\\w+)\",\\s+\"changes\": false");
    private static final double GOAL_MS = 100;
    private static final String GROUP = "benchmark";

    private final Script dvs;
    private final int runs;

    Reads(Script dvs, int runs) {
        this.dvs = dvs;
        this.runs = runs;
    }

    void measure() throws IOException, InterruptedException {
        for (String change : List.of("dvs init --all", "dc init 0 --all", "cg cpu set " + GROUP + " --weight 100 --all",
                "cg mem set " + GROUP + " --max 64MiB --all")) {
            // Where this machine's kernel refuses one, its request is among those that are not measured.
            dvs.text(change.split(" "));
        }
        String pid = first("\"pid\": (\\d+)", dvs.text("ns", "uts", "list", "--all", "-o", "json").replace("lead_pid", "pid"));
        Map<String, String> operands = Map.of("cg", GROUP, "dc info", "0", "node info", "0", "proc info", "0", "proxy info", "1",
                "proxy status", "1", "config show", "org.dvs.web.cfg", "config explain", "org.dvs.web");
        Map<String, Figures> measured = new TreeMap<>();
        List<String> others = new ArrayList<>();
        Matcher requests = COMMAND.matcher(dvs.text("requests", "-o", "json"));
        while (requests.find()) {
            String command = requests.group(1);
            String operand = operands.getOrDefault(command, command.startsWith("cg ") ? operands.get("cg")
                    : command.endsWith(" same") ? pid + " " + pid : command.startsWith("ns ") && command.endsWith(" show") ? pid
                            : "");
            String node = operand.equals(pid) || operand.startsWith(pid + " ") ? "--nodes node0" : "--all";
            String typed = (command + " " + operand).strip() + " " + node;
            Figures figures = STREAMS.contains(command) ? null : times(typed);
            if (figures == null) {
                others.add(command);
            } else {
                measured.put(command, figures);
            }
        }
        System.out.printf("%nEvery request that only reads, at the prompt; goal: at most 100 ms%n");
        measured.values().forEach(Figures::print);
        long late = measured.values().stream().filter(each -> each.median() > GOAL_MS).count();
        long never = measured.values().stream().filter(each -> each.least() > GOAL_MS).count();
        System.out.printf("  above it: the median of %d of %d, the least of %d; not measured: %s%n", late, measured.size(), never,
                others);
    }

    /** @return null if it does not succeed here */
    private Figures times(String typed) throws InterruptedException {
        Figures figures = new Figures(typed, "ms");
        try {
            dvs.run(typed.split(" "));
            for (int run = 0; run < runs; run++) {
                figures.addNanos(dvs.run(typed.split(" ")));
            }
            return figures;
        } catch (IOException e) {
            return null;
        }
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? matcher.group(1) : "1";
    }
}
