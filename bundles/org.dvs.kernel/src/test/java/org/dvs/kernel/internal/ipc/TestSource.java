package org.dvs.kernel.internal.ipc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sources of this bundle's tests, for tables that say which test provokes what: no line of theirs outlives its test. */
final class TestSource {
    private static final Path TESTS = Path.of("src/test/java/org/dvs/kernel/internal");

    private final String text;

    private TestSource(String text) {
        this.text = text;
    }

    /** @param test name of the class without {@code Test} */
    static TestSource of(String test) throws IOException {
        Path ipc = TESTS.resolve("ipc").resolve(test + "Test.java");
        return new TestSource(Files.readString(Files.exists(ipc) ? ipc : TESTS.resolve("gate").resolve(test + "Test.java")));
    }

    /** From the method's name to its closing brace; empty if there is none. */
    String method(String name) {
        int from = text.indexOf(" " + name + "(");
        int end = from < 0 ? -1 : text.indexOf("\n    }\n", from);
        return end < 0 ? "" : text.substring(from, end);
    }

    /** Of a table, the one row that begins so, up to what is done; empty if there is none. */
    String row(String method, String begin) {
        String body = method(method);
        int from = body.indexOf("(\"" + begin);
        return from < 0 ? "" : body.substring(from, Math.min(body.length(), from + begin.length() + 40)).split("->")[0];
    }

    /** Whether a method is a test. */
    boolean isTest(String name) {
        int at = text.indexOf("    void " + name + "(");
        return at >= 0 && text.substring(Math.max(0, text.lastIndexOf("\n\n", at)), at).contains("Test");
    }
}
