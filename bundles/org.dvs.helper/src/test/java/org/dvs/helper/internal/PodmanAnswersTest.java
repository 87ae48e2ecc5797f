package org.dvs.helper.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

import org.dvs.helper.program.CommandResult;
import org.dvs.testkit.ProcSample;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Podman is played by what it would print now. Names finish the sentence "what Podman said …". */
@Tag("R-CMD-17")
class PodmanAnswersTest {
    private static final List<String> LIST = List.of("/usr/bin/podman", "ps");
    private static final String STAT = "S 1 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 5 3 0 %d 4096 1 0";
    private static final String DATABASE = "var/lib/containers/storage/libpod/bolt_state.db";
    private static final String EXITS = "run/libpod/exits";

    @TempDir
    private Path root;
    private ProcSample machine;
    private PodmanAnswers answers;
    /** Files of this test were changed just now, which shall be some seconds ago. */
    private LongSupplier clock = () -> System.currentTimeMillis() + 5_000;
    private int asked;

    @BeforeEach
    void machine() throws Exception {
        machine = new ProcSample(root).file(DATABASE, "none").file(EXITS + "/old", "0");
        answers = new PodmanAnswers(root, () -> clock.getAsLong());
    }

    private String now(String text) throws Exception {
        return answers.to(LIST, () -> {
            asked++;
            return new CommandResult(0, 0, 1, text, "", false, false, false);
        }).out();
    }

    private FileTime changed(String file) throws Exception {
        return (FileTime) Files.getAttribute(root.resolve(file), "unix:ctime");
    }

    /** What changes in the same tick of the clock as the change before does not show. */
    private void nextTick() throws Exception {
        FileTime last = Collections.max(List.of(changed(DATABASE), changed(EXITS)));
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).atMost(60, SECONDS).until(() -> {
            machine.file("tick", "x");
            return changed("tick").compareTo(last) > 0;
        });
    }

    private void isAsked(boolean again, String why) throws Exception {
        int before = asked;
        String text = "answer " + before;
        now(text);
        assertEquals(again, asked > before, why);
    }

    @Test
    void holdsUntilItsFilesChange() throws Exception {
        assertEquals("one", now("one"));
        assertEquals("one", now("two"));
        nextTick();
        machine.file(DATABASE, "some");
        assertEquals("three", now("three"), "of the same length, in the same file");
        isAsked(false, "kept");
        nextTick();
        machine.file(EXITS + "/new", "0");
        isAsked(true, "a program ended");
        isAsked(false, "kept");
        machine.file(DATABASE + "-wal", "later");
        isAsked(true, "written beside it");
        isAsked(false, "kept");
        Files.delete(root.resolve(DATABASE));
        isAsked(true, "gone");
        isAsked(true, "nothing to tell by");
    }

    @Test
    void holdsForItsQuestionOnly() throws Exception {
        now("one");
        CommandResult other = new CommandResult(0, 0, 1, "other", "", false, false, false);
        assertEquals(other, answers.to(List.of("/usr/bin/podman", "inspect", "x"), () -> other));
        assertEquals("one", now("two"));
    }

    @Test
    void doesNotHoldWhenAProcessThatItNamedIsAnother() throws Exception {
        String line = "id\tname\timage\trunning\t77\ttime\tports\nid\tname\timage\texited\t0\ttime\tports\n";
        now(line);
        assertEquals(line, now(line));
        assertEquals(2, asked, "it was gone when it was named");
        machine.process(77, "sleep", String.format(STAT, 100), 0, " 8", new byte[0]);
        now(line);
        isAsked(false, "kept");
        machine.process(77, "other", String.format(STAT, 200), 0, " 8", new byte[0]);
        assertEquals(line, now(line));
        assertEquals(4, asked, "another has its id");
        isAsked(false, "kept");
        machine.process(77, "other", String.format(STAT, 200).replace('S', 'Z'), 0, " 8", new byte[0]);
        isAsked(true, "it has ended");
    }

    @Test
    void doesNotHoldJustAfterAChangeNorWhenItWasARefusal() throws Exception {
        long last = changed(EXITS).toMillis();
        clock = () -> last + 1_000;
        now("one");
        isAsked(true, "another change could look the same");
        clock = () -> last - 60_000;
        now("one");
        isAsked(true, "the clock went back");
        clock = () -> last + 5_000;
        answers.to(LIST, () -> new CommandResult(125, 0, 1, "", "Error: no", false, false, false));
        isAsked(true, "it was a refusal");
    }

    @Test
    void doesNotHoldWherePodmanWasSetUpOtherwise() throws Exception {
        machine.file("etc/containers/storage.conf",
                        "[storage]\n# graphroot = \"/x\"\n  graphroot = \"/var/lib/containers/storage\" # usual\n")
                .file("usr/share/containers/containers.conf", "[engine]\nremote = false\nremote_uri = \"x\"\n")
                .file("etc/containers/libpod.conf", "tmp_dir = \"/var/run/libpod\"\n")
                .file("etc/containers/registries.conf.d/a.conf", "").file("etc/containers/policy.json", "graphroot");
        now("one");
        isAsked(false, "as usual");
        for (String other : List.of("graphroot = \"/srv/images\"", "storage.graphroot = \"/srv\"", "[engine]\nremote=true",
                "static_dir='/x'", "transient_store = true", "storage = { graphroot = \"/srv\" }")) {
            for (String file : List.of("etc/containers/storage.conf", "etc/containers/containers.conf.d/10-own.conf",
                    ".config/containers/containers.conf", "usr/share/containers/storage.conf")) {
                machine.file(file, other + "\n");
                now("one");
                isAsked(true, other + " in " + file);
                Files.delete(root.resolve(file));
                now("one");
                isAsked(false, "as usual again");
            }
        }
    }
}
