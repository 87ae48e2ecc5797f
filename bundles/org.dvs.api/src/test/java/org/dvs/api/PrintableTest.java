package org.dvs.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void showsWhatWouldActOnALineInsteadOfLettingItAct() {
        assertEquals("a\\r\\nb\\t\\x1b[0m\\x00\\x7f", Printable.line("a\r\nb\t\u001b[0m\u0000\u007f"));
        assertEquals("\\x85\\x9b31m", Printable.line("\u0085\u009b31m"));
        assertEquals("\\u2028\\u2029\\u202eevil\\u2066\\u061c\\ufeff",
                Printable.line("\u2028\u2029\u202eevil\u2066\u061c\ufeff"));
    }

    @Test
    void keepsEverythingElse() {
        for (String text : new String[] {"", "plain", "é 日本語 e\u0301", "😀a😀", "\\x1b 'quoted'", "\u00a0"}) {
            assertEquals(text, Printable.line(text));
        }
    }

    @Test
    void showsHalvesOfCharacters() {
        assertEquals("\\ud800", Printable.line("\ud800"));
        assertEquals("\\udc00\\ud800x", Printable.line("\udc00\ud800x"));
        assertEquals("\\ud83d😀", Printable.line("\ud83d😀"));
    }

    @Test
    void leavesNothingSuspectButWholePairs() {
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            String shown = Printable.line("a" + (char) c);
            assertEquals(Printable.suspect((char) c), shown.startsWith("a\\") && c != '\\', () -> shown);
            assertTrue(shown.chars().noneMatch(each -> Printable.suspect((char) each)), () -> shown);
        }
        assertFalse(Printable.suspect(' '));
    }

    @Test
    void isEmptyForNull() {
        assertEquals("", Printable.line(null));
        assertEquals("", Printable.line(null, 5));
        assertEquals("''", Printable.quoted(null, 5));
    }

    @Test
    void cutsButNeverThroughACharacter() {
        assertEquals("short", Printable.line("short", 5));
        assertEquals("shor…", Printable.line("short", 4));
        assertEquals("…", Printable.line("short", 0));
        assertEquals("a…", Printable.line("a😀b", 2));
        assertEquals("a😀…", Printable.line("a😀b", 3));
        assertEquals("a\\ud800…", Printable.line("a\ud800b", 2));
    }

    @Test
    void quotes() {
        assertEquals("'/no/such\\nfile'", Printable.quoted("/no/such\nfile", 80));
        assertEquals("'" + "x".repeat(80) + "…'", Printable.quoted("x".repeat(500), 80));
    }
}
