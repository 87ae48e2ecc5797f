package org.dvs.benchmark;

import org.dvs.benchmark.ipc.KernelFigures;

/**
 * Prints how fast the system is. What to measure is the one argument: {@code prompt}, {@code agents}, {@code start}, {@code hop},
 * {@code kernel}, {@code programs}, {@code proxies}, {@code peers} (idle ones), {@code payloads} (text and files), {@code all}, or {@code smoke} for a
 * short run of what is quick, that shows that it works.
 */
public final class Main {
    private Main() {
    }

    public static void main(String[] args) throws Exception {
        String what = args.length == 0 ? "smoke" : args[0];
        boolean all = what.equals("all");
        if (!all && !what.matches("smoke|prompt|agents|start|hop|kernel|programs|proxies|peers|payloads")) {
            System.err.println("benchmark: '" + what + "' is not prompt, agents, start, hop, kernel, programs, proxies, peers, payloads, all or"
                    + " smoke");
            System.exit(2);
        }
        Machine.print();
        if (what.equals("smoke")) {
            LightAgents.measure(5, 3);
            Hop.smoke();
            KernelFigures.smoke();
            Programs.smoke();
            Proxies.smoke();
            IdlePeers.smoke();
            Payloads.smoke();
        }
        if (all || what.equals("agents")) {
            LightAgents.measure(Integer.getInteger("dvs.agents"), Integer.getInteger("dvs.runs"));
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
        if (all || what.equals("kernel")) {
            KernelFigures.measure(NodeStart.FLAGS);
        }
        if (all || what.equals("programs")) {
            Programs.measure();
        }
        if (all || what.equals("proxies")) {
            Proxies.measure();
        }
        if (all || what.equals("peers")) {
            IdlePeers.measure();
        }
        if (all || what.equals("payloads")) {
            Payloads.measure();
        }
        // Threads of libraries do not keep the benchmark from its end.
        System.exit(0);
    }
}
