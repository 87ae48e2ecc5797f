package org.dvs.benchmark.ipc;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.dvs.api.DvsException;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * IPC in one container by JMH, beside what plain Java does and what was printed for the original. All of it in turns, each in a
 * JVM of its own, so that what else the machine does hits what is compared alike; what counts is the median of the turns. What
 * one thread does is given by processor time as well.
 */
public final class KernelFigures {
    private static final String SENDREC = "sendrecToHandler";
    private static final List<String> ALONE = List.of(SENDREC, "notifyHandler", "notifyRunning");

    private final int turns;
    private final int forks;
    private final TimeValue time;
    private final String[] flags;
    private final Map<String, double[]> scores = new LinkedHashMap<>();
    private final Map<String, double[]> ofProcessor = new LinkedHashMap<>();

    private KernelFigures(int turns, int forks, TimeValue time, String... flags) {
        this.turns = turns;
        this.forks = forks;
        this.time = time;
        this.flags = flags;
    }

    /** Shows that it works: within this JVM, as JVMs are what takes time. */
    public static void smoke() throws RunnerException {
        new KernelFigures(1, 0, TimeValue.milliseconds(20)).run("in this JVM, a moment");
    }

    /** @param nodeFlags a node's JVM's */
    public static void measure(String nodeFlags) throws RunnerException, DvsException {
        new KernelFigures(5, 1, TimeValue.milliseconds(700), "-Xmx256m", "-XX:+UseSerialGC").run("both compilers");
        new KernelFigures(3, 1, TimeValue.milliseconds(700), nodeFlags.split(" ")).run("a node's JVM, " + nodeFlags);
        EndpointMemory.print();
        upstream();
    }

    private void run(String what) throws RunnerException {
        // Its lock is the machine's: whoever else builds here would be refused.
        System.setProperty("jmh.ignoreLock", "true");
        for (int turn = 0; turn < turns; turn++) {
            ChainedOptionsBuilder options = new OptionsBuilder().include(OneThread.class.getName() + "\\.")
                    .include(TwoThreads.class.getName() + "\\.").forks(forks).warmupIterations(2).warmupTime(time)
                    .measurementIterations(1).measurementTime(time).shouldFailOnError(true).addProfiler(ProcessorTime.class)
                    .verbosity(VerboseMode.SILENT);
            if (forks > 0) {
                options.jvmArgs(flags);
            }
            for (RunResult result : new Runner(options.build()).run()) {
                String name = result.getParams().getBenchmark().replaceFirst(".*\\.", "");
                scores.computeIfAbsent(name, missing -> new double[turns])[turn] = result.getPrimaryResult().getScore();
                ofProcessor.computeIfAbsent(name, missing -> new double[turns])[turn] = result.getSecondaryResults()
                        .get(ProcessorTime.NAME).getScore();
            }
        }
        System.out.println("In the container, " + what + ", per second, medians of " + turns + " turns");
        for (String name : ALONE) {
            System.out.printf(Locale.ROOT, "  %-40s %,14.0f, of processor time %,14.0f; goal %s%n", name, median(scores.get(name)),
                    median(ofProcessor.get(name)), name.equals(SENDREC) ? ">= 2,000,000" : ">= 5,000,000");
        }
        compare("vcopy64K", "put64K", ">= 0.8");
        compare("sendrec", "synchronousQueue", ">= 1.0");
    }

    private void compare(String ours, String theirs, String goal) {
        double[] ratios = new double[turns];
        for (int turn = 0; turn < turns; turn++) {
            ratios[turn] = scores.get(ours)[turn] / scores.get(theirs)[turn];
        }
        System.out.printf(Locale.ROOT, "  %-40s %,14.0f, %s %,.0f, %.2f x; goal %s%n", ours, median(scores.get(ours)), theirs,
                median(scores.get(theirs)), median(ratios), goal);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void upstream() {
        System.out.println("""
                Printed for the original, on its machines (upstream-results 3):
                  6 Oct 2012  send / receive one way             68,161 /s
                  6 Oct 2012  sendrec / receive+send one way     68,675 /s
                  6 Oct 2012  notify both ways                  118,120 /s
                  aligned     M3-IPC send+receive               379,571 /s
                  aligned     M3-IPC sendrec                    456,502 /s
                  aligned     M3-IPC notify+receive             499,102 /s
                  aligned     Unix pipe one way                 605,371 /s
                  aligned     Unix socket                       464,849 /s
                  aligned     TCP loopback                      128,497 /s""");
    }
}
