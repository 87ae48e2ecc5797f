package org.dvs.itests.nodes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "the console in a browser …". */
@ExtendWith(ThreeNodes.class)
@Tag("R-CMD-01")
class ConsoleIT {
    private static final String LIVE = "html[data-live=live]";
    private static final List<String> PAGES = List.of("overview", "nodes/node1/node/bundles", "topology", "requests",
            "requests/host/df", "jobs", "audit", "configuration");
    private Browser browser;

    @BeforeEach
    void open() {
        browser = Browser.open();
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private static String link(LocalCluster cluster, String... more) {
        Printed open = cluster.dvs(List.of(more).isEmpty() ? new String[] {"open"} : new String[] {"open", more[0], more[1]});
        assertEquals(0, open.exit(), open.text());
        return open.out().strip();
    }

    private void enter(LocalCluster cluster) {
        browser.go(link(cluster));
        browser.reads("main h1", "Overview");
        browser.find(LIVE);
    }

    @Test
    void opensByALinkOnceAndByAPassword(LocalCluster cluster) throws Exception {
        String link = link(cluster);
        browser.go(link);
        browser.reads(".card[data-node=node2]", "up");
        Map<String, Number> cost = browser.cost();
        System.out.printf("First page: %d ms, %d bytes%n", cost.get("load").longValue(), cost.get("bytes").longValue());
        assertTrue(cost.get("bytes").longValue() <= 300_000, cost.toString());
        // 300 ms on a machine that does nothing else.
        assertTrue(cost.get("load").longValue() <= 6_000, cost.toString());

        browser.press("Log out");
        browser.find("#login-user");
        browser.go("about:blank");
        browser.go(link);
        browser.reads(".problem", "the link was used");
        browser.picture("login");
        browser.type("#login-user", "admin");
        browser.type("#login-password", "wrong");
        browser.enter("#login-password");
        browser.reads(".login form .problem", "DVS-SEC-1005");
        browser.type("#login-password", Files.readString(cluster.home().resolve("keys/admin.password")).strip());
        browser.enter("#login-password");
        browser.reads("main h1", "Overview");
        browser.reads("#top", "admin on node0");
    }

    @Test
    @Tag("R-PXY-13")
    void showsEveryPageInBothLightsWithoutBarriers(LocalCluster cluster) throws Exception {
        enter(cluster);
        browser.complaints();
        for (String theme : List.of("light", "dark")) {
            browser.script("document.documentElement.dataset.theme = arguments[0]", theme);
            for (String page : theme.equals("light") ? PAGES : List.of("overview", "requests/host/df")) {
                browser.page("#/" + page);
                browser.find("main[data-page=" + page.replaceAll("/.*", "") + "]");
                await().atMost(Browser.WAIT).until(() -> browser.script("return location.hash").equals("#/" + page));
                if (page.startsWith("nodes")) {
                    browser.reads("dvs-table", "org.apache.felix.framework");
                } else if (page.equals("overview")) {
                    browser.reads(".card[data-node=node2]", "DVS");
                }
                browser.picture(page.replace('/', '-') + '-' + theme);
                assertEquals(List.of(), browser.barriers(), page + ", " + theme);
                assertEquals(List.of(), browser.complaints(), page + ", " + theme);
            }
        }
    }

    @Test
    @Tag("R-CMD-05")
    void seesANodeDieWhileItAnswersAndAsksItAgain(LocalCluster cluster) throws Exception {
        enter(cluster);
        browser.page("#/requests/host/vmstat?all&interval=1s&count=4");
        browser.reads(".preview", "Goes to node[0-2] (3)");
        assertTrue(browser.text(".words").contains("dvs host vmstat --all --interval=1s --count=4"), browser.text(".words"));
        browser.click("form button.main");
        browser.reads(".counts", "0 ok");
        browser.picture("request-under-way");
        cluster.kill("node2");
        browser.reads(".counts[data-complete=true]", "1 silent");
        browser.reads(".counts", "2 ok");
        browser.picture("request-silent");
        String job = String.valueOf(browser.script("""
                return document.querySelector('section[aria-label^=Job]').getAttribute('aria-label').slice(4)"""));
        browser.page("#/overview");
        browser.reads(".card[data-node=node2]", "down");
        browser.picture("overview-down");

        cluster.whole();
        browser.page("#/overview");
        browser.reads(".card[data-node=node2]", "up");
        browser.page("#/jobs/" + job);
        browser.press("Run again where it was not ok");
        browser.reads(".counts[data-complete=true]", "1 ok");
    }

    @Test
    void cancelsWhatRuns(LocalCluster cluster) {
        enter(cluster);
        browser.page("#/requests/host/vmstat?all&interval=1s&count=20");
        browser.reads(".preview", "(3)");
        browser.click("form button.main");
        browser.press("Cancel");
        browser.reads(".counts[data-complete=true]", "of 3 nodes");
        assertFalse(browser.text(".counts").contains("3 ok"), browser.text(".counts"));
    }

    @Test
    void letsAViewerLookAndDoNothingElse(LocalCluster cluster) throws Exception {
        Printed token = cluster.dvs("keys", "token", "eve", "viewer");
        assertEquals(0, token.exit(), token.text());
        Path contexts = Files.createDirectories(cluster.home().resolve("config/dvs/contexts"));
        Files.writeString(contexts.resolve("eve"), Files.readString(cluster.home().resolve("context"))
                .replace("operator.token", "eve.token"));
        cluster.environment().put("XDG_CONFIG_HOME", cluster.home().resolve("config").toString());
        browser.go(link(cluster, "--context", "eve"));
        browser.reads("#top", "eve on node0");

        browser.page("#/requests/dvs/init");
        browser.reads("form .warn", "operator");
        assertFalse(browser.find("form button.main").isEnabled());
        browser.complaints();
        browser.script("""
                window.refused = null;
                import('/console/api.js').then(api => api.post('api/jobs', [['w', 'dvs'], ['w', 'init']]))
                        .catch(error => { window.refused = error.code; });
                """);
        await().atMost(Browser.WAIT).until(() -> "DVS-SEC-0335".equals(browser.script("return window.refused")));
    }

    @Test
    void showsWhatAProgramPrintsAsTextOnly(LocalCluster cluster) {
        enter(cluster);
        browser.page("#/requests/host/command");
        browser.reads("form h2", "host command");
        browser.type("form [name=argv]", "echo\n<img src=x onerror=document.title='taken'>");
        browser.click("form button.main");
        browser.reads("section dvs-table", "<img src=x");
        assertEquals(0L, browser.script("return document.querySelectorAll('main img').length"));
        assertFalse(String.valueOf(browser.script("return document.title")).contains("taken"));
    }

    @Test
    void offersARequestTheMomentItsBundleIsThere(LocalCluster cluster) throws Exception {
        enter(cluster);
        browser.page("#/requests/host/load");
        browser.reads(".problem", "serves no request 'host load'");
        Path jar = cluster.deploy("node0", "dvs.sample");
        try {
            browser.reads("form h2", "RQST_LOADAVG");
            browser.click("form button.main");
            browser.reads(".counts[data-complete=true]", "1 ok");
            browser.picture("hot-deploy");
        } finally {
            Files.delete(jar);
        }
        browser.reads("main .problem", "serves no request 'host load'");
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
        browser.type("dialog #login-user", "admin");
        browser.type("dialog #login-password", Files.readString(cluster.home().resolve("keys/admin.password")).strip());
        browser.enter("dialog #login-password");
        browser.find(LIVE);
        await().atMost(Duration.ofSeconds(30)).until(() -> browser.text("#notice").isEmpty());
    }
}
