package org.dvs.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.RequestHandler;
import org.dvs.config.internal.rules.Kinds;
import org.dvs.testkit.Asked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names finish the sentence "a file of the configuration …". */
class ConfigFilesTest {
    private static final String FILE = "org.dvs.sample.cfg";
    private static final String GOOD = "bindPort = 8000\n";

    @TempDir
    private Path etc;
    private ConfigFiles files;
    private SetHandler set;
    private CheckHandler check;

    @BeforeEach
    void start() throws Exception {
        Variables variables = new Variables(Map.of());
        Interpolation interpolation = new Interpolation(Map.of(), new Properties());
        Engine engine = new Engine(new Folder(etc), new KnownBlockFiles(interpolation), new MapStore(), variables,
                new Checker(variables, interpolation, Kinds.ofNode(etc, etc)));
        engine.schemas(TestSchemas.all());
        files = new ConfigFiles(etc);
        set = new SetHandler(engine, files);
        check = new CheckHandler(engine, files, null);
        Files.writeString(etc.resolve(FILE), GOOD);
    }

    private static ErrorCode refused(RequestHandler handler, String... values) {
        return assertThrows(DvsException.class, () -> Asked.of(handler, values)).code();
    }

    private String digest() throws Exception {
        return (String) Asked.of(new ShowHandler(files), "file", FILE).row().get("sha256");
    }

    @Test
    void isListedAndShownWithItsDigest() throws Exception {
        Files.writeString(etc.resolve("org.dvs.other.cfg.json"), "{}");
        Files.writeString(etc.resolve("users.properties"), "x");

        assertEquals(List.of("org.dvs.other.cfg.json", FILE), Asked.of(new FilesHandler(files)).column("file"));
        assertEquals(GOOD, Asked.of(new ShowHandler(files), "file", FILE).row().get("text"));
        assertEquals(ConfigFiles.sha256(GOOD.getBytes()), digest());
        assertEquals(ErrorCode.NOCONFIG, refused(new ShowHandler(files), "file", "org.dvs.gone.cfg"));
        assertEquals(List.of("org.dvs.other.cfg.json", FILE),
                new ShowHandler(files).suggest(set.spec().parameters().get(0), ""));
    }

    @Test
    void isReplacedByAGoodTextAndKeepsItsPermissions() throws Exception {
        Files.setPosixFilePermissions(etc.resolve(FILE), PosixFilePermissions.fromString("rw-r-----"));
        String text = "# mine\nbindPort = 9000\n";

        Map<String, Object> row = Asked.of(set, "file", FILE, "text", text, "was", digest()).row();

        assertEquals(text, Files.readString(etc.resolve(FILE)));
        assertEquals(digest(), row.get("sha256"));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(etc.resolve(FILE))));
        try (var left = Files.list(etc)) {
            assertEquals(1, left.count(), "nothing half written is left");
        }
    }

    @Test
    void staysWhenTheTextIsNotGood() throws Exception {
        assertEquals(ErrorCode.BADSETTING, refused(set, "file", FILE, "text", "bindPort = 1\n", "was", digest()));
        assertEquals(ErrorCode.BADKEY, refused(set, "file", FILE, "text", "bindProt = 8000\n", "was", digest()));
        assertEquals(ErrorCode.CLEARSECRET, refused(set, "file", FILE, "text", "adminPassword = x\n", "was", digest()));
        assertEquals(ErrorCode.NOCONFIG, refused(set, "file", "org.dvs.smaple.cfg", "text", "", "was", "none"));
        assertEquals(GOOD, Files.readString(etc.resolve(FILE)));
    }

    @Test
    void staysWhenSomebodyElseHasChangedItMeanwhile() throws Exception {
        String seen = digest();
        Asked.of(set, "file", FILE, "text", "bindPort = 8001\n", "was", seen);

        assertEquals(ErrorCode.CONFLICT, refused(set, "file", FILE, "text", "bindPort = 8002\n", "was", seen));
        assertEquals(ErrorCode.CONFLICT, refused(set, "file", FILE, "text", "bindPort = 8002\n", "was", "none"));
        assertEquals("bindPort = 8001\n", Files.readString(etc.resolve(FILE)));
        Files.delete(etc.resolve(FILE));
        assertEquals(ErrorCode.CONFLICT, refused(set, "file", FILE, "text", "bindPort = 8002\n", "was", seen));
        assertEquals("none", Files.exists(etc.resolve(FILE)) ? "there" : "none");
        assertEquals(0, Asked.of(set, "file", FILE, "text", GOOD, "was", "none").rcode());
    }

    @Test
    void isTriedWithATextBeforeItIsReplaced() throws Exception {
        assertEquals(0, Asked.of(check, "file", FILE, "text", "bindPort = 9000\n").rows().size());
        assertEquals(ErrorCode.BADSETTING, refused(check, "file", FILE, "text", "bindPort = 1\n"));
        assertEquals(ErrorCode.INVAL, refused(check, "text", "bindPort = 9000\n"));
        assertEquals(0, Asked.of(check, "file", FILE).rows().size());
        assertEquals(GOOD, Files.readString(etc.resolve(FILE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../org.dvs.sample.cfg", "org.dvs.x/../../y.cfg", "users.properties", "org.dvs.cfg", "org.dvs..cfg",
            "org.dvs.x.cfg\n", "/etc/passwd"})
    void isNeverOneOutsideTheFolderOrOfAnotherKind(String name) {
        assertEquals(ErrorCode.BADVALUE, refused(set, "file", name, "text", "", "was", "none"));
        assertEquals(ErrorCode.BADVALUE, refused(new ShowHandler(files), "file", name));
        assertEquals(ErrorCode.BADVALUE, refused(check, "file", name));
    }

    @Test
    void isNoLink(@TempDir Path elsewhere) throws Exception {
        Path secret = Files.writeString(elsewhere.resolve("secret"), "x");
        Files.delete(etc.resolve(FILE));
        Files.createSymbolicLink(etc.resolve(FILE), secret);

        assertEquals(List.of(), Asked.of(new FilesHandler(files)).rows());
        assertEquals(ErrorCode.NOCONFIG, refused(new ShowHandler(files), "file", FILE));
        assertEquals(ErrorCode.NOCONFIG, refused(set, "file", FILE, "text", GOOD, "was", "none"));
        assertEquals("x", Files.readString(secret));
    }

    @Test
    void isReplacedByAdministratorsOnlyAndItsTextIsWrittenDownNowhere() {
        assertEquals(Role.ADMIN, set.spec().role());
        assertTrue(set.spec().changes());
        assertTrue(set.spec().parameter("text").orElseThrow().secret());
        assertTrue(check.spec().parameter("text").orElseThrow().secret());
        assertFalse(check.spec().changes());
    }
}
