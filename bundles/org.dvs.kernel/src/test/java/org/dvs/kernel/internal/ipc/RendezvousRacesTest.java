package org.dvs.kernel.internal.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@link RendezvousRaces} under jcstress when {@code -Ddvs.races.ms} says for how many milliseconds each. jcstress starts
 * some fifty JVMs one after another, which takes a minute of processor time whatever it finds; {@link RendezvousStressTest} runs
 * in each build. As on a machine with one processor, where a thread sleeps at once: the moment that a wake-up can be lost in
 * comes with every call.
 */
@EnabledIfSystemProperty(named = "dvs.races.ms", matches = "[0-9]+")
class RendezvousRacesTest {
    private static final int MILLISECONDS = Integer.getInteger("dvs.races.ms", 0);
    private static final int LIMIT_S = 600;
    private static final int RACES = 6;

    @TempDir
    Path folder;

    @Test
    @Tag("R-PXY-08")
    void everyRaceEndsInOneOfTheWaysThatItMay() throws IOException, InterruptedException {
        Path told = folder.resolve("told");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "org.openjdk.jcstress.Main",
                "-t", "RendezvousRaces", "-f", "1", "-fsm", "1", "-iters", "1", "-time", Integer.toString(MILLISECONDS), "-c", "2",
                "-af", "NONE", "-sc", "false", "-jvmArgs", "-Xmx256m -XX:+UseSerialGC -XX:ActiveProcessorCount=1")
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(told.toFile()).start();
        try {
            assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), () -> text(told));
        } finally {
            process.destroyForcibly();
        }
        String text = text(told);
        assertEquals(0, process.exitValue(), text);
        List<String> lines = text.lines().filter(line -> line.contains("[OK]")).toList();
        assertTrue(lines.size() >= RACES, text);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
