package org.dvs.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import org.dvs.api.Caller;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.cli.internal.words.Builtin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "what is made of the descriptions …". */
class GeneratedTest {
    @TempDir
    Path temp;
    private final Cli cli = new Cli();

    /** What bash would offer for the last word, with a {@code dvs} that answers with these lines. */
    private TreeSet<String> offered(String node, String... words) throws IOException, InterruptedException {
        Path script = Files.writeString(temp.resolve("completion"), cli.run("completion bash").text() + "\n");
        StringBuilder bash = new StringBuilder("dvs() { " + node + "; }\nsource " + script + "\nCOMP_WORDS=(dvs");
        for (String word : words) {
            bash.append(" '").append(word).append('\'');
        }
        bash.append(")\nCOMP_CWORD=").append(words.length).append("\n_dvs\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
        Process process = new ProcessBuilder("bash", "--norc", "-c", bash.toString()).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), printed);
        TreeSet<String> offered = new TreeSet<>(List.of(printed.strip().split("\n")));
        offered.remove("");
        return offered;
    }

    @Test
    void offersToBashWhatANodeAnswers() throws Exception {
        String asked = "[[ $3 == __complete ]] && printf '%s\\n' \"$4-$5\" \"$4-none\"";
        assertEquals(new TreeSet<>(), offered("false", "nonsense", ""));
        assertEquals(new TreeSet<>(List.of("df")), offered("printf '%s\\n' df other", "host", "d"));
        assertEquals(new TreeSet<>(List.of("host-")), offered(asked + " | head -1", "host", ""));
    }

    @Test
    void offersToBashTheCommandsWhenNoNodeAnswers() throws Exception {
        assertEquals(new TreeSet<>(List.of("command", "df", "kill")), offered("return 5", "host", ""));
        assertEquals(new TreeSet<>(List.of("df")), offered("return 5", "host", "d"));
        assertEquals(new TreeSet<>(List.of("down", "dvs")), offered("return 5", "d"));
        assertEquals(new TreeSet<>(List.of("drain")), offered("return 5", "lb", "server", ""));
        assertEquals(new TreeSet<>(List.of("cancel")), offered("return 5", "job", "c"));
    }

    @Test
    void isForShellsThatThereAre() {
        assertTrue(cli.run("completion zsh").text().startsWith("#compdef dvs"));
        assertTrue(cli.run("completion zsh").text().contains("'host df'"));
        assertEquals(2, cli.run("completion fish").code());
        assertEquals(2, cli.run("completion").code());
    }

    @Test
    void isAManualPageWithEveryCommandAndParameter() {
        String page = cli.run("man").text();
        for (RequestSpec spec : Specs.ALL) {
            assertTrue(page.contains(".SS \"dvs " + String.join(" ", spec.command()) + " "), spec.name());
            assertTrue(page.contains("Request " + spec.name()) && page.contains("role " + spec.role().word()), spec.name());
            for (Parameter parameter : spec.parameters()) {
                assertTrue(page.contains(parameter.help()), parameter.help());
            }
        }
        for (Builtin builtin : Builtin.values()) {
            assertEquals(!builtin.hidden(), page.contains(".SS \"dvs " + String.join(" ", builtin.command())), builtin.name());
        }
        assertTrue(page.startsWith(".TH DVS 1 "), page);
        assertTrue(page.contains(".B \\-n, \\-\\-nodes SET"), page);
    }

    @Test
    void givesNoOrdersToTheFormatter() {
        cli.catalogue.specs().add(RequestSpec.named("RQST_EVIL").command("evil one").help(".sy rm -rf /\n.so /etc/passwd \\*x")
                .parameter(Parameter.of("x", ValueType.TEXT, "'br")).build());
        String page = cli.run("man").text();
        assertFalse(page.lines().anyMatch(line -> line.startsWith(".sy") || line.startsWith(".so") || line.startsWith("'br")),
                page);
        assertTrue(page.contains("\\&'br"), page);
        assertFalse(page.contains("passwd \\*x"), "no string of the formatter");
    }

    @Test
    void isForViewers() {
        Cli nobody = cli.as(new Caller("bob", java.util.Set.of(), "cli", "local"));
        assertEquals(6, nobody.run("man").code());
        assertEquals(6, nobody.run("completion bash").code());
    }
}
