package org.dvs.api.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "arguments that are written down …". */
@Tag("R-CMD-17")
class ArgumentsTest {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_RUN").command("test run").help("runs")
            .parameter(Parameter.of("deadline", ValueType.DURATION, "when"))
            .parameter(Parameter.of("stdin", ValueType.TEXT, "input").hidden())
            .parameter(Parameter.of("admin_password", ValueType.TEXT, "by its name"))
            .parameter(Parameter.of("text", ValueType.TEXT, "any"))
            .parameter(Parameter.of("words", ValueType.TEXTS, "program and arguments").asOperand()).build();

    private static String masked(Object... values) {
        Map<String, Object> map = new java.util.HashMap<>();
        for (int i = 0; i < values.length; i += 2) {
            map.put((String) values[i], values[i + 1]);
        }
        return Arguments.masked(SPEC, map);
    }

    private static String words(String... words) {
        return masked("words", List.of(words));
    }

    @Test
    void standInTheOrderOfTheParametersWithoutWhatTheRequestDoesNotKnow() {
        assertEquals("deadline=500 words=[uptime -s]", masked("words", List.of("uptime", "-s"), "unknown", "x", "deadline",
                500L));
        assertEquals("", masked("unknown", "x"));
    }

    @Test
    void hideWhatIsDeclaredOrNamedASecret() {
        assertEquals("stdin=*** admin_password=***", masked("stdin", "hunter2", "admin_password", "hunter2"));
    }

    @Test
    void hideSecretsAmongTheWordsOfAProgram() {
        assertEquals("words=[mysql --password=*** -u eva]", words("mysql", "--password=hunter2", "-u", "eva"));
        assertEquals("words=[x --db-token *** y]", words("x", "--db-token", "hunter2", "y"));
        assertEquals("words=[x --password *** y]", words("x", "--password", "--hunter2", "y"), "a secret may look like a flag");
        assertEquals("words=[env DB_PASSWORD=***]", words("env", "DB_PASSWORD=hunter2"));
        assertEquals("words=[curl -H Authorization:***]", words("curl", "-H", "Authorization: Bearer hunter2"));
        assertEquals("words=[{\"token\":***]", words("{\"token\": \"hunter2\"}"));
        assertEquals("words=[https://eva:***@host/x]", words("https://eva:hunter2@host/x"));
        assertEquals("text=https://eva:***@host", masked("text", "https://eva:hunter2@host"));
        assertEquals("words=[echo passage 10:30]", words("echo", "passage", "10:30"), "only secrets are hidden");
    }

    @Test
    void leaveNoSecretInWhatIsSaidAboutThem() {
        Arguments shown = Arguments.of(SPEC, Map.of("stdin", "hunter1\n", "words",
                List.of("x", "--password=hunter2", "--token", "hunter3", "http://eva:hunter4@host")));
        assertEquals("no: *** *** '--password=***' '--token' '***' http://eva:***@host",
                shown.scrubbed("no: hunter1\n hunter1\\n '--password=hunter2' '--token' 'hunter3' http://eva:hunter4@host"));
        assertEquals("***", Arguments.of(SPEC, Map.of("stdin", "a")).scrubbed("what a pity"), "a short one cannot be cut out");
        assertFalse(shown.toString().contains("hunter"), shown.toString());
    }

    @Test
    void forgeNoLineAndStayShort() {
        String forged = words("a\nb\u001b[31m", "c\u202e");
        assertEquals("words=[a\\nb\\x1b[31m c\\u202e]", forged);
        String one = masked("text", "x".repeat(8_000));
        assertEquals("text=".length() + Arguments.LONGEST_VALUE + 1, one.length());
        assertTrue(one.endsWith("…"));
        String many = words(java.util.Collections.nCopies(300, "x".repeat(200)).toArray(String[]::new));
        assertTrue(many.length() <= Arguments.LONGEST + 1, "length " + many.length());
        assertFalse(many.contains("\n"));
    }
}
