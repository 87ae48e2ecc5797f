package org.dvs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Prints how fast the system is. What to measure is the one argument: {@code prompt}, {@code agents}, {@code start},
 * {@code hop}, {@code programs}, {@code all}, or {@code smoke} for a short run of agents, hops and programs that shows that the benchmark works.
 */
public final class Main {
    private Main() {
    }

    public static void main(String[] args) throws Exception {
        String what = args.length == 0 ? "smoke" : args[0];
        boolean all = what.equals("all");
        if (!all && !what.matches("smoke|prompt|agents|start|hop|programs")) {
            System.err.println("benchmark: '" + what + "' is not prompt, agents, start, hop, programs, all or smoke");
            System.exit(2);
        }
        printMachine();
        if (what.equals("smoke")) {
            LightAgents.measure(5, 3);
            Hop.smoke();
            Programs.smoke();
        }
        if (all || what.equals("agents")) {
            LightAgents.measure(64, 30);
        }
        if (all || what.equals("prompt")) {
            Prompt.measure(50);
        }
        if (all || what.equals("start")) {
            NodeStart.measure(5);
        }
        if (all || what.equals("hop")) {
            Hop.measure();
        }
        if (all || what.equals("programs")) {
            Programs.measure();
        }
        // Threads of libraries do not keep the benchmark from its end.
        System.exit(0);
    }

    private static void printMachine() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: ", "")).findFirst().orElse("unknown processor");
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        System.out.println("Machine: " + Runtime.getRuntime().availableProcessors() + " x " + model + ", Linux "
                + Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip() + ", Java " + Runtime.version()
                + ", load before the run " + load);
    }
}
