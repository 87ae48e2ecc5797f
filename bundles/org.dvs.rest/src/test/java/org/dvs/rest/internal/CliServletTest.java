package org.dvs.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.dvs.api.Caller;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.Output;
import org.dvs.testkit.Logged;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint of the command line … */
@Tag("R-CMD-17")
class CliServletTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    @AutoClose
    private final RestFixture rest = new RestFixture();

    private interface Command {
        int run(Invocation invocation, Output out) throws InterruptedException;
    }

    private void command(Command command) {
        rest.commands = new CommandLine() {
            @Override
            public int run(Invocation invocation, Output out) throws InterruptedException {
                return command.run(invocation, out);
            }

            @Override
            public List<String> complete(List<String> words) {
                return List.of();
            }
        };
    }

    private HttpResponse<String> post(String form) throws Exception {
        return rest.post("/cli", FORM, form);
    }

    private static String frames(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
        // Heart-beats come when the machine is slow; they mean nothing.
        return answer.body().replace("h\n", "");
    }

    @Test
    void streamsFramesAndTheExitCode() throws Exception {
        command((invocation, out) -> {
            out.out("disk");
            out.err("warning");
            out.flush();
            out.ask("Go on?");
            out.out("größer ✓");
            out.out("");
            return 7;
        });
        HttpResponse<String> answer = post("w=host&w=df");

        assertEquals("text/plain;charset=utf-8", answer.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT));
        assertEquals("odisk\newarning\nf\n?Go on?\nogrößer ✓\no\nx7\n", frames(answer));
    }

    @Test
    void handsTheWordsOverAsTheyAre() throws Exception {
        command((invocation, out) -> 0);
        List<String> words = List.of("host", "command", "--", "a b", "ä=&+%", "", "line\nline");
        StringBuilder form = new StringBuilder("tty=1&width=120&color=1");
        words.forEach(word -> form.append("&w=").append(URLEncoder.encode(word, StandardCharsets.UTF_8)));

        assertEquals("x0\n", frames(post(form.toString())));

        Caller caller = new Caller("ada", rest.caller.roles(), "cli", "127.0.0.1");
        assertEquals(List.of(new Invocation(words, caller, true, 120, true)), rest.invocations);
    }

    @Test
    void takesAThousandWordsAndNoMore() throws Exception {
        command((invocation, out) -> 0);
        assertEquals("x0\n", frames(post("w=x" + "&w=x".repeat(CliServlet.MAX_WORDS - 1))));
        HttpResponse<String> answer = post("w=x" + "&w=x".repeat(CliServlet.MAX_WORDS));
        assertEquals(413, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("1001 words, at most 1000"), answer.body());
        // Its beginning is enough to be refused; whoever sent more of it could have the answer cut off by that.
        try (Socket socket = open(300_000, "w=")) {
            String large = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(large.startsWith("HTTP/1.1 413"), large);
            assertTrue(large.contains("more bytes than maxBodyBytes"), large);
        }
        assertEquals(1, rest.invocations.size());
    }

    @ParameterizedTest
    @CsvSource({"tty=2, 400", "tty=, 400", "width=-1, 400", "width=10001, 400", "width=99999999999, 400", "width=1&width=2, 400",
            "color=yes, 400",
        "v=x, 400"})
    void saysWhatIsWrongWithTheForm(String form, int status) throws Exception {
        HttpResponse<String> answer = post(form);
        assertEquals(status, answer.statusCode());
        assertTrue(answer.body().contains("DVS-REQ-"), answer.body());
        assertEquals(List.of(), rest.invocations);
    }

    @ParameterizedTest
    @ValueSource(strings = {"w=%FF%FE", "w=%zz", "w=ok&w=%C3"})
    void saysThatAWordIsNoText(String form) throws Exception {
        HttpResponse<String> answer = post(form);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"detail\":\"a word is not text in UTF-8\""), answer.body());
        assertEquals(List.of(), rest.invocations);
    }

    @Test
    void takesWordsFromTheBodyOnly() throws Exception {
        assertEquals(400, rest.post("/cli?w=host", FORM, "w=df").statusCode());
        assertEquals(400, rest.post("/cli", "application/json", "{\"w\":\"host\"}").statusCode());
        assertEquals(List.of(), rest.invocations);
    }

    @Test
    void forgesNoFrameFromALineWithLineEnds() throws Exception {
        command((invocation, out) -> {
            out.out("one\nx0\r\ntwo\rthree");
            return 1;
        });
        assertEquals("oone\nox0\notwo\nothree\nx1\n", frames(post("w=x")));
    }

    @Test
    void saysADefectWithoutItsInside() throws Exception {
        command((invocation, out) -> {
            out.out("first");
            throw new IllegalStateException("secret of the inside");
        });
        AtomicReference<String> frames = new AtomicReference<>();
        String logged = Logged.during(() -> frames.set(frames(post("w=x"))));
        assertTrue(frames.get().startsWith("ofirst\neDVS-SYS-0099: ") && frames.get().endsWith("\nx1\n"), frames.get());
        assertFalse(frames.get().contains("secret"), frames.get());
        assertTrue(logged.contains("ERROR") && logged.contains("IllegalStateException: secret of the inside\n\tat "), logged);
    }

    @Test
    void beatsWhileTheCommandIsSilent() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        command((invocation, out) -> goOn.await(20, TimeUnit.SECONDS) ? 0 : 1);
        try (Socket socket = open("w=x")) {
            StringBuilder text = new StringBuilder();
            while (text.indexOf("h\n") < 0) {
                text.append((char) socket.getInputStream().read());
            }
            goOn.countDown();
            while (text.indexOf("x0\n") < 0) {
                text.append((char) socket.getInputStream().read());
            }
        }
    }

    @Test
    @Tag("R-CMD-06")
    void interruptsASilentCommandWhoseClientHasGone() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicReference<String> end = new AtomicReference<>();
        command((invocation, out) -> {
            running.countDown();
            try {
                new CountDownLatch(1).await(60, TimeUnit.SECONDS);
                end.set("waited to the end");
            } catch (InterruptedException e) {
                end.set("interrupted, closed " + out.closed());
                throw e;
            }
            return 0;
        });
        try (Socket socket = open("w=x")) {
            assertTrue(running.await(20, TimeUnit.SECONDS));
        }
        Awaitility.await().atMost(RestFixture.WAIT).until(() -> "interrupted, closed true".equals(end.get()));
    }

    @Test
    @Tag("R-CMD-06")
    void endsACommandThatWritesWithoutEndWhenItsClientGoes() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        command((invocation, out) -> {
            try {
                while (!out.closed()) {
                    out.out("on and on ".repeat(100));
                }
                return 130;
            } finally {
                ended.countDown();
            }
        });
        try (Socket socket = open("w=x")) {
            socket.getInputStream().readNBytes(10_000);
        }
        assertTrue(ended.await(20, TimeUnit.SECONDS));
    }

    @Test
    void holdsACommandBackWhoseClientReadsSlowly() throws Exception {
        AtomicReference<Integer> written = new AtomicReference<>(0);
        CountDownLatch ended = new CountDownLatch(1);
        String line = "x".repeat(100_000);
        command((invocation, out) -> {
            for (int i = 1; i <= 2_000 && !out.closed(); i++) {
                out.out(line);
                written.set(i);
            }
            ended.countDown();
            return 0;
        });
        try (Socket socket = open("w=x")) {
            Awaitility.await().atMost(RestFixture.WAIT).until(() -> written.get() > 500);
            // 200 MB do not fit into the queue and the socket's buffers: the command has to wait.
            assertFalse(ended.await(500, TimeUnit.MILLISECONDS));
            assertTrue(written.get() < 1_500, written.toString());
        }
        assertTrue(ended.await(20, TimeUnit.SECONDS));
    }

    @Test
    void refusesCommandsBeyondItsThreadsAndServesThemAgainLater() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(4);
        command((invocation, out) -> {
            running.countDown();
            return goOn.await(20, TimeUnit.SECONDS) ? 0 : 1;
        });
        try (Socket one = open("w=1"); Socket two = open("w=2"); Socket three = open("w=3"); Socket four = open("w=4")) {
            assertTrue(running.await(20, TimeUnit.SECONDS));
            HttpResponse<String> answer = post("w=5");
            assertEquals(503, answer.statusCode());
            assertTrue(answer.body().contains("DVS-REQ-0011"), answer.body());
            goOn.countDown();
        }
        Awaitility.await().atMost(RestFixture.WAIT).until(() -> post("w=6").statusCode() == 200);
    }

    private Socket open(String form) throws Exception {
        return open(form.length(), form);
    }

    private Socket open(int length, String form) throws Exception {
        Socket socket = new Socket("127.0.0.1", rest.port());
        socket.setSoTimeout((int) RestFixture.WAIT.toMillis());
        socket.getOutputStream().write(("POST /api/v1/cli HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + FORM
                + "\r\nContent-Length: "
                + length + "\r\n\r\n" + form).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
