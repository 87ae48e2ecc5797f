package org.dvs.itests.nodes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.WebDriverException;

/** Names finish the sentence "the console in a browser, when there is trouble, …". */
@ExtendWith(ThreeNodes.class)
@Tag("R-CMD-01")
class ConsoleTroubleIT extends BrowserTest {
    private static final String FILE = "org.dvs.registry.cfg";

    @Test
    void saysOfANodeThatDiesThatItIsDown(LocalCluster cluster) throws Exception {
        enter(cluster);
        browser.page("#/nodes/node2/node/bundles");
        browser.reads("dvs-table", "org.apache.felix.framework");
        cluster.kill("node2");
        browser.reads("h1 .pill", "down");
        browser.reads("main", "what stands here is what it last said");
        browser.picture("node-down");
        browser.press("Ask again");
        browser.reads("section[aria-label^=Job]", "DVS-");
        cluster.whole();
        browser.reads("h1 .pill", "up");
    }

    @Test
    void showsWhatAProgramPrintsAsTextOnly(LocalCluster cluster) throws Exception {
        Path allowed = cluster.folder("node0").resolve("etc/org.dvs.host.allow");
        String before = Files.readString(allowed);
        Files.writeString(allowed, before + "\n/usr/bin/printf {text}*\n");
        try {
            enter(cluster);
            browser.page("#/requests/host/command");
            browser.reads("form h2", "host command");
            // Markup, a terminal's colour, bytes that are no UTF-8, and a line of more than 5000 characters.
            browser.type("form [name=argv]", "printf\n<img src=x onerror=document.title='taken'>\\033[31mred\\377\\376%05000d");
            browser.click("form button.main");
            browser.reads("section dvs-table", "<img src=x");
            browser.reads("section dvs-table", "\\x1b[31mred");
        } finally {
            Files.writeString(allowed, before);
        }
        assertEquals(0L, browser.script("return document.querySelectorAll('main img').length"));
        assertFalse(String.valueOf(browser.script("return document.title")).contains("taken"));
        // A cell is one line; all of it, as far as a page shows any text, is a key away.
        assertEquals(true, browser.script("return [...document.querySelectorAll('section td')].every(cell => cell.textContent.length < 400)"));
        browser.click("section tbody tr[data-at='0']");
        browser.reads(".detail", "0000000000");
        assertEquals(true, browser.script("return document.querySelector('.detail').textContent.length < 10000"));
    }

    @Test
    void keepsWhatWasTypedWhenTheSessionEndsOverNight(LocalCluster cluster) throws Exception {
        Path settings = cluster.folder("node0").resolve("etc/org.dvs.monitor.cfg");
        Api api = new Api(cluster, "node0");
        Files.writeString(settings, "sessionIdleSeconds = 30\n");
        try {
            awaitIdle(api, "30,");
            // The console comes anew with its setting.
            await().atMost(LocalCluster.PATIENCE.multipliedBy(3)).ignoreExceptionsMatching(e -> e instanceof AssertionError
                    || e instanceof ConditionTimeoutException || e instanceof WebDriverException).until(() -> {
                        enter(cluster);
                        return true;
                    });
            browser.page("#/requests/host/df");
            browser.reads("form h2", "host df");
            browser.type("form [name=path]", "/var/tmp");
            browser.await("dialog", "The session has ended", Duration.ofSeconds(90));
            browser.picture("session-ended");
            logIn(cluster, "dialog");
            browser.find(LIVE);
            assertEquals("/var/tmp", browser.property("form [name=path]", "value"));
            browser.click("form button.main");
            browser.reads(".counts[data-complete=true]", "1 ok");
        } finally {
            Files.delete(settings);
        }
        // It comes anew once more: the next test would look for it while it is away.
        awaitIdle(api, "900,default");
        await().atMost(LocalCluster.PATIENCE).ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> api.get("/console/", "").statusCode() == 200);
    }

    /** @param value what runs, and where it comes from, as far as that is of interest */
    private static void awaitIdle(Api api, String value) {
        await().atMost(LocalCluster.PATIENCE).until(() -> Api.out(api.call("config", "explain", "org.dvs.monitor",
                "sessionIdleSeconds", "-o", "csv").get()), csv -> csv.contains(",sessionIdleSeconds," + value));
    }

    @Test
    void asksOneOfTwoPagesOnlyToLogInAgain(LocalCluster cluster) throws Exception {
        String url = link(cluster).replaceAll("#.*", "") + "#/requests/host/df";
        browser.go(url);
        logIn(cluster, ".login");
        browser.reads("form h2", "host df");
        String first = browser.anotherPage();
        browser.go(url);
        browser.find(LIVE);
        browser.type("form [name=path]", "/var/tmp");
        String second = browser.thisPage();
        browser.forgetLogin();
        // By script: a suggestion that was asked for may have brought the dialog already.
        browser.script("document.querySelector('form button.main').click()");
        browser.reads("dialog", "The session has ended");
        browser.toPage(first);
        browser.reads("form h2", "host df");
        browser.script("document.querySelector('form button.main').click()");
        browser.reads("dialog", "The session has ended");
        logIn(cluster, "dialog");
        for (String page : new String[] {first, second, first}) {
            browser.toPage(page);
            browser.gone("dialog");
            browser.find(LIVE);
            browser.click("form button.main");
            browser.reads(".counts[data-complete=true]", "1 ok");
            browser.gone("dialog");
        }
        browser.toPage(second);
        assertEquals("/var/tmp", browser.property("form [name=path]", "value"));
    }

    @Test
    void tellsAPageThatSomebodyElseHasLoggedInWithItsBrowserAndSendsNothingOfIt(LocalCluster cluster) throws Exception {
        enter(cluster);
        browser.page("#/requests/host/df");
        browser.reads("form h2", "host df");
        String mine = browser.anotherPage();
        enterWith(cluster, "eve", "viewer");
        browser.reads("#top", "eve on node0");

        browser.toPage(mine);
        browser.reads("dialog", "This browser is logged in as eve now");
        browser.picture("another-login");
        assertEquals(List.of(), browser.barriers());
        browser.reads("#top", "operator on node0");
        browser.script("document.querySelector('form button.main').click()");
        browser.reads("main .problem", "the page is not of the login that this browser has now");
        browser.press("Load it for eve");
        browser.reads("#top", "eve on node0");
        browser.reads("form h2", "host df");
        browser.gone("dialog");
        assertFalse(new Api(cluster, "node0").call("job", "list", "-o", "csv").get().stream()
                .anyMatch(line -> line.contains("RQST_DF") && line.contains("eve")));
    }

    @Test
    void letsOneOfTwoPagesChangeAFileAndShowsTheOtherWhatIsThereNow(LocalCluster cluster) throws Exception {
        Path file = cluster.folder("node0").resolve("etc").resolve(FILE);
        String before = Files.readString(file);
        try {
            enterWith(cluster, "max", "admin,auditor");
            String page = "#/configuration/node0/" + FILE;
            String url = String.valueOf(browser.script("return location.href.replace(/#.*/, '')")) + page;
            browser.page(page);
            edit("\n# mine\n");
            String mine = browser.anotherPage();
            browser.go(url);
            edit("\n# theirs\n");
            browser.press("Show what would change");
            browser.reads(".diff", "+ # theirs");
            browser.picture("configuration-diff");
            browser.press("Change " + FILE + " on node0");
            browser.reads("main", "It counts within two seconds");
            assertEquals(before + "\n# theirs\n", Files.readString(file));

            browser.toPage(mine);
            browser.press("Show what would change");
            browser.reads(".diff", "+ # mine");
            browser.press("Change " + FILE + " on node0");
            browser.reads("main .problem", "DVS-CLU-1008");
            browser.reads(".diff", "- # theirs");
            assertTrue(browser.property(".editor", "value").endsWith("# mine\n"));
            assertEquals(before + "\n# theirs\n", Files.readString(file));
            // Having seen that, its person may go on at once.
            browser.press("Change " + FILE + " on node0");
            browser.reads("main", "It counts within two seconds");
            assertEquals(before + "\n# mine\n", Files.readString(file));
            Printed audit = cluster.dvs("audit", "list", "--context", "max", "--request", "RQST_CONFIGSET", "-o", "csv");
            assertTrue(audit.out().contains("max") && audit.out().contains(FILE) && !audit.out().contains("theirs"), audit.text());
        } finally {
            Files.writeString(file, before);
        }
    }

    private void edit(String more) {
        await().atMost(Browser.WAIT).until(() -> browser.property(".editor", "value").length() > 100);
        browser.script("const editor = document.querySelector('.editor'); editor.value += arguments[0];", more);
    }

    @Test
    void refusesAFileThatIsNotGoodBeforeItIsWritten(LocalCluster cluster) throws Exception {
        Path file = cluster.folder("node0").resolve("etc").resolve(FILE);
        String before = Files.readString(file);
        enterWith(cluster, "max", "admin,auditor");
        browser.page("#/configuration/node0/" + FILE);
        edit("\nnoSuchKey = 1\n");
        browser.press("Show what would change");
        browser.reads("main", "DVS-CFG-1101");
        assertEquals(0L, browser.script("return document.querySelectorAll('.diff').length"));
        assertEquals(before, Files.readString(file));
    }

    @Test
    void saysThatItsNodeIsGoneAndComesBackWithIt(LocalCluster cluster) throws Exception {
        enter(cluster);
        cluster.kill("node0");
        browser.reads("#notice", "connecting again");
        browser.picture("disconnected");
        cluster.whole();
        // Sessions end with their node.
        browser.reads("dialog", "The session has ended");
        logIn(cluster, "dialog");
        browser.find(LIVE);
        await().atMost(Duration.ofSeconds(30)).until(() -> browser.text("#notice").isEmpty());
    }
}
