package org.dvs.monitor.internal.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's look.js outside of a browser, in Node.js where that is. Names finish the sentence "a page that looks …". */
class LookTest {
    @TempDir
    private Path folder;

    @Test
    void missesNothingThatIsToldMeanwhileAndTakesNoAnswerThatWasOvertaken() throws Exception {
        assumeTrue(modules(), "there is no Node.js here");
        copy("/console/look.js", "look.js");
        for (String name : new String[] {"api.js", "live.js", "test.js"}) {
            copy("/look/" + name, name);
        }
        assertEquals("", run("test.js"));
    }

    /** Whether there is one that knows what the test is written with. */
    private boolean modules() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("package.json"), "{\"type\": \"module\"}");
        Files.writeString(folder.resolve("try.js"), "import assert from 'node:assert/strict'; await assert.ok(true);");
        try {
            return run("try.js").isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private void copy(String resource, String name) throws IOException {
        try (InputStream in = getClass().getResourceAsStream(resource)) {
            Files.copy(in, folder.resolve(name));
        }
    }

    /** @return what it says */
    private String run(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("node", script).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return process.exitValue() == 0 ? said : said + "exit code " + process.exitValue();
    }
}
