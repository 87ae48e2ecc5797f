package org.dvs.itests.nodes;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Headless Chromium at the console. Where this machine has none, the test that wants one is skipped and says why. */
final class Browser implements AutoCloseable {
    static final Duration WAIT = Duration.ofSeconds(30);
    private static final Path PICTURES = Path.of(System.getProperty("dvs.target", "target"), "screenshots");
    private static final String AXE = "/axe.min.js";
    /** A page may have a link for each request there is. */
    private static final int TABS = 500;
    /** Of Chromium's own measures, in seconds. */
    private static final Set<String> PAGE_WORK = Set.of("ScriptDuration", "LayoutDuration", "RecalcStyleDuration");

    static {
        // It misses a description of each new browser's debugger, which nobody here uses.
        Logger.getLogger("org.openqa.selenium").setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    static Browser open() {
        Optional<File> browser = program("chromium", "google-chrome");
        Optional<File> control = program("chromedriver");
        Assumptions.assumeTrue(browser.isPresent() && control.isPresent(),
                "no browser: install chromium and chromium-driver to test the console");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.get());
        // Of the cluster's authority the browser knows nothing; everything else of TLS is as usual.
        options.setAcceptInsecureCerts(true);
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--window-size=1300,900");
        options.setCapability(ChromeOptions.LOGGING_PREFS, (Object) logs);
        try {
            return start(control.get(), options);
        } catch (WebDriverException e) {
            // On a machine under load it does not always come up in time.
            return start(control.get(), options);
        }
    }

    private static Browser start(File control, ChromeOptions options) {
        ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(control).usingAnyFreePort()
                .withTimeout(WAIT.multipliedBy(2)).build();
        try {
            return new Browser(new ChromeDriver(service, options));
        } catch (WebDriverException e) {
            service.stop();
            throw e;
        }
    }

    private static Optional<File> program(String... names) {
        return Stream.of(names).flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> new File(folder, name)))
                .filter(File::canExecute).findFirst();
    }

    void go(String url) {
        driver.get(url);
    }

    /** @param page e.g. {@code #/requests/host/df} */
    void page(String page) {
        driver.executeScript("location.hash = arguments[0]", page);
    }

    Object script(String text, Object... arguments) {
        return driver.executeScript(text, arguments);
    }

    /** Waits until it is there and seen. A page may make it anew at any time. */
    void find(String css) {
        Awaitility.await().atMost(WAIT).ignoreExceptionsInstanceOf(WebDriverException.class)
                .until(() -> driver.findElement(By.cssSelector(css)), WebElement::isDisplayed);
    }

    /** Waits as {@link #find} does. @return what the element has under this name, e.g. {@code value}, as text */
    String property(String css, String name) {
        return Awaitility.await().atMost(WAIT).ignoreExceptionsInstanceOf(WebDriverException.class).until(() -> {
            WebElement found = driver.findElement(By.cssSelector(css));
            return found.isDisplayed() ? found.getDomProperty(name) : null;
        }, Objects::nonNull);
    }

    void click(String css) {
        Awaitility.await().atMost(WAIT).ignoreExceptions().until(() -> {
            driver.findElement(By.cssSelector(css)).click();
            return true;
        });
    }

    /** Presses the button with this text. */
    void press(String text) {
        Awaitility.await().atMost(WAIT).ignoreExceptions().until(() -> {
            driver.findElement(By.xpath("//button[normalize-space()='" + text + "']")).click();
            return true;
        });
    }

    /** Until it stands there: a page may make the field anew meanwhile. */
    void type(String css, String text) {
        Awaitility.await().atMost(WAIT).ignoreExceptionsInstanceOf(WebDriverException.class).until(() -> {
            WebElement field = driver.findElement(By.cssSelector(css));
            field.clear();
            field.sendKeys(text);
            return text.equals(field.getDomProperty("value"));
        });
    }

    void enter(String css) {
        Awaitility.await().atMost(WAIT).ignoreExceptionsInstanceOf(WebDriverException.class).until(() -> {
            driver.findElement(By.cssSelector(css)).sendKeys(Keys.ENTER);
            return true;
        });
    }

    /** Presses keys where the focus is. */
    void keys(CharSequence... keys) {
        // Not to an element: where a page has just been made anew, the one that had the focus is gone.
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Presses Tab until the focus is on an element that the selector means; nobody presses it more than {@value #TABS} times. */
    void tabTo(String css) {
        for (int i = 0; i < TABS; i++) {
            keys(Keys.TAB);
            if (Boolean.TRUE.equals(script("return document.activeElement.matches(arguments[0])", css))) {
                return;
            }
        }
        throw new AssertionError("Tab does not come to " + css + ", but to " + script("return document.activeElement.outerHTML"));
    }

    /** Runs a script in every page before any of the page's own. */
    void beforeEachPage(String script) {
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** As a screen of this size would show it, in CSS pixels. */
    void screen(int width, int height) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Runs a script that calls its last argument with the result. */
    Object later(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(WAIT.multipliedBy(4));
        return driver.executeAsyncScript(script, arguments);
    }

    /** Milliseconds of processor time that pages have used for script, style and layout, since this was asked first. */
    @SuppressWarnings("unchecked")
    double processorMillis() {
        driver.executeCdpCommand("Performance.enable", Map.of("timeDomain", "threadTicks"));
        List<Map<String, Object>> metrics = (List<Map<String, Object>>) driver
                .executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
        return metrics.stream().filter(metric -> PAGE_WORK.contains(metric.get("name")))
                .mapToDouble(metric -> ((Number) metric.get("value")).doubleValue() * 1000).sum();
    }

    /** Has it know nothing of the pages it has seen. */
    void clearCache() {
        driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
    }

    /** Has it without the cookies of the site of this page. */
    void forgetLogin() {
        driver.manage().deleteAllCookies();
    }

    /** Waits until nothing on the page is such an element. */
    void gone(String css) {
        Awaitility.await().atMost(WAIT).until(() -> driver.findElements(By.cssSelector(css)).isEmpty());
    }

    /** A second page of the same browser. @return what {@link #toPage} takes for this one */
    String anotherPage() {
        String here = driver.getWindowHandle();
        driver.switchTo().newWindow(WindowType.TAB);
        return here;
    }

    String thisPage() {
        return driver.getWindowHandle();
    }

    void toPage(String page) {
        driver.switchTo().window(page);
    }

    /** What a person reads in an element; empty if it is not there. In one step, between two of the page's own. */
    String text(String css) {
        try {
            return String.valueOf(driver.executeScript("""
                    const found = document.querySelector(arguments[0]);
                    return found !== null && found.checkVisibility({visibilityProperty: true}) ? found.innerText.trim() : '';
                    """, css));
        } catch (WebDriverException e) {
            // The page goes: the next one is not there yet.
            return "";
        }
    }

    void reads(String css, String part) {
        await(css, part, WAIT);
    }

    void await(String css, String part, Duration patience) {
        try {
            Awaitility.await().atMost(patience).until(() -> text(css), read -> read.contains(part));
        } catch (RuntimeException e) {
            throw new AssertionError("'" + part + "' is not in " + css + ": " + text("body"), e);
        }
    }

    /** Errors and warnings that the browser told since the last call. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream().filter(entry -> entry.getLevel()
                .intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage).toList();
    }

    void picture(String name) throws IOException {
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** What stands in the way of people who see, hear or move differently, by the rules of WCAG 2.1 A and AA. */
    List<?> barriers() throws IOException {
        try (InputStream axe = Browser.class.getResourceAsStream(AXE)) {
            driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        driver.manage().timeouts().scriptTimeout(WAIT.multipliedBy(4));
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(
                    result => done(result.violations.map(each => each.id + ': ' + each.nodes.slice(0, 3).map(node =>
                        node.html.slice(0, 200) + ' ' + node.failureSummary).join(' | '))),
                    failure => done(['axe failed: ' + failure]));
                """);
        return found instanceof List<?> list ? list : List.of(String.valueOf(found));
    }

    /** Numbers of this page load: {@code load} in milliseconds, {@code bytes} as they came. */
    @SuppressWarnings("unchecked")
    Map<String, Number> cost() {
        return (Map<String, Number>) driver.executeScript("""
                const page = performance.getEntriesByType('navigation')[0];
                const files = performance.getEntriesByType('resource').filter(each => !each.name.includes('/api/'));
                return {load: page.loadEventEnd, bytes: page.transferSize + files.reduce((sum, each) => sum
                        + each.transferSize, 0)};
                """);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
