package org.dvs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an operator waits for at the shell's prompt. */
final class Prompt {
    private Prompt() {
    }

    static void measure(int runs) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory(Path.of(System.getProperty("dvs.target", "target")), "prompt");
        Script dvs = new Script(Path.of(System.getProperty("dvs.project"), "dvs").toAbsolutePath().normalize(), home);
        try {
            Figures up = new Figures("./dvs up 3, first time, distribution built", "ms");
            up.addNanos(dvs.run("up", "3"));
            Figures df = new Figures("./dvs host df --all, 3 nodes, from the prompt", "ms");
            Figures floor = new Figures("floor: bash and curl alone (./dvs help)", "ms");
            for (int run = 0; run < 10; run++) {
                dvs.run("host", "df", "--all");
            }
            for (int run = 0; run < runs; run++) {
                df.addNanos(dvs.run("host", "df", "--all"));
                floor.addNanos(dvs.run("help"));
            }
            System.out.printf("%nAt the prompt%n");
            up.print();
            df.print();
            floor.print();
            System.out.println("  goal: df at most 80 ms; a call at most 50 ms beyond the request itself");
            new Reads(dvs, Math.max(3, runs / 5)).measure();
        } finally {
            dvs.run("down", "--destroy", "--yes");
        }
    }
}
