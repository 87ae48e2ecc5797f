package org.dvs.api.security;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;

import org.dvs.api.security.SecretReference.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reference to a secret ... */
class SecretReferenceTest {

    @Test
    void isReadAndWrittenTheSameWay() {
        assertEquals(Optional.of(new SecretReference(Kind.SECRET, "lb.ssh-pass_1")), SecretReference.parse("secret:lb.ssh-pass_1"));
        assertEquals(Optional.of(new SecretReference(Kind.FILE, "/run/my secrets/a")), SecretReference.parse("file:/run/my secrets/a"));
        assertEquals(Optional.of(new SecretReference(Kind.FILE, "a")), SecretReference.parse("file:a"));
        assertEquals(Optional.of(new SecretReference(Kind.ENV, "DB_PASSWORD")), SecretReference.parse("env:DB_PASSWORD"));
        for (String text : new String[] {"secret:a", "file:b/c", "env:D"}) {
            assertEquals(text, SecretReference.parse(text).orElseThrow().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hunter2", "secret:", "secret:../ca.p12", "secret:a/b", "secret:.hidden", "secret:..", "secret: a", "SECRET:a",
        "env:", "env:1A", "env:A B", "env:A=", "file:", "file: ", "file: a", "file:a ", "file:a\nb", "url:x", "secret:a\n"})
    void isNothingElse(String text) {
        assertEquals(Optional.empty(), SecretReference.parse(text));
    }

    @Test
    void hasBounds() {
        assertEquals(true, SecretReference.parse("secret:" + "a".repeat(64)).isPresent());
        assertEquals(false, SecretReference.parse("secret:" + "a".repeat(65)).isPresent());
        assertEquals(true, SecretReference.parse("file:" + "a".repeat(1_024)).isPresent());
        assertEquals(false, SecretReference.parse("file:" + "a".repeat(1_025)).isPresent());
        assertEquals(false, SecretReference.parse("env:" + "A".repeat(129)).isPresent());
    }
}
