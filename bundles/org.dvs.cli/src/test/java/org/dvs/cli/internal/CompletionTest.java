package org.dvs.cli.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "Completion …" The last word ends at the bar. */
class CompletionTest {
    private final Cli cli = new Cli();

    private List<String> complete(String line) {
        return cli.runner.complete(List.of(line.split(" ", -1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "h|help host", "host |command df kill", "host d|df", "lb |server", "lb server |drain", "job |cancel info list retry watch",
        "host df --min|--min-free", "host df --no-|--no-all-kinds --no-headers --no-fold", "host command --arg|--arg-timeout",
        "host df -n |node0 node1 node2 @web", "host df -n node0,n|node0,node0 node0,node1 node0,node2",
        "host df -n *,!node1|*,!node1",
        "host df --nodes=node|--nodes=node0 --nodes=node1 --nodes=node2", "-n no|node0 node1 node2", "host df -g |web",
        "host df -o j|json jsonl", "host df --output=y|--output=yaml", "host df --color |auto always never",
        "host df --columns size,u|size,use", "host df --sort -u|-use", "host df --filter m|mounted_on=",
        "host df |/var /home", "host df /h|/home", "host df /var |''", "host df --type |''", "host command --signal |TERM KILL",
        "host command --signal=K|--signal=KILL", "host df -w |/var /home", "host df -w 2s |/var /home", "host command ls -|''",
        "rqst_df --al|--all-kinds --all", "RQST_NOPE |''", "nonsense |''", "requests |''", "--yes host d|df", "-aq host d|df",
        "host df -- /v|/var"})
    void offersWholeWords(String line, String expected) {
        assertEquals(expected.isEmpty() ? List.of() : List.of(expected.split(" ")), complete(line));
    }

    @Test
    void offersJobsToRunAgain() {
        cli.run("host df -a");
        assertEquals(List.of("node0-1-1"), complete("--retry n"));
    }

    @Test
    void isAHiddenCommandForShells() {
        assertEquals("df", cli.run("__complete host d").text());
        assertEquals("node0\nnode1\nnode2", cli.run("__complete host df --nodes no").text());
        assertTrue(cli.run("__complete").text().contains("host"));
        assertEquals(0, cli.run("__complete -Z --nonsense=").code());
    }

    @Test
    void survivesHostileWords() {
        for (String word : List.of("", "-", "--", "=", "--=", "\u001b[31m", "!", ",", "[", "x".repeat(100_000))) {
            assertTrue(complete(word).size() < 100);
            assertTrue(complete("host df " + word).size() < 100);
            assertTrue(complete("host df -n " + word).size() < 100);
        }
    }
}
