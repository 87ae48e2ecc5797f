package org.dvs.itests.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests with a browser at the console of node0. */
abstract class BrowserTest {
    static final String LIVE = "html[data-live=live]";
    Browser browser;

    @BeforeEach
    void openBrowser() {
        browser = Browser.open();
    }

    @AfterEach
    void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    /** One that logs in once. */
    static String link(LocalCluster cluster, String... more) {
        Printed open = cluster.dvs(List.of(more).isEmpty() ? new String[] {"open"} : new String[] {"open", more[0], more[1]});
        assertEquals(0, open.exit(), open.text());
        return open.out().strip();
    }

    /** As the operator whose token the script has. */
    void enter(LocalCluster cluster) {
        enter(link(cluster));
    }

    /** As somebody new with these roles. */
    void enterWith(LocalCluster cluster, String name, String roles) throws Exception {
        Printed token = cluster.dvs("keys", "token", name, roles);
        assertEquals(0, token.exit(), token.text());
        Path contexts = Files.createDirectories(cluster.home().resolve("config/dvs/contexts"));
        Files.writeString(contexts.resolve(name), Files.readString(cluster.home().resolve("context"))
                .replace("operator.token", name + ".token"));
        cluster.environment().put("XDG_CONFIG_HOME", cluster.home().resolve("config").toString());
        enter(link(cluster, "--context", name));
    }

    private void enter(String link) {
        browser.go(link);
        browser.reads("main h1", "Overview");
        browser.find(LIVE);
    }

    /** Types name and password of the first account. */
    void logIn(LocalCluster cluster, String where) throws Exception {
        browser.type(where + " #login-user", "admin");
        browser.type(where + " #login-password", Files.readString(cluster.home().resolve("keys/admin.password")).strip());
        browser.enter(where + " #login-password");
    }

    /** Id of the job whose result is on the page. */
    String shownJob() {
        browser.find("section[aria-label^=Job]");
        return String.valueOf(browser.script("""
                return document.querySelector('section[aria-label^=Job]').getAttribute('aria-label').slice(4)"""));
    }
}
