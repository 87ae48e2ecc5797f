package org.dvs.config.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.security.Secrets;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.block.SampleSchema;
import org.dvs.config.internal.rules.Kinds;
import org.dvs.config.internal.schema.Schemas;
import org.dvs.testkit.Asked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine ... */
class EngineTest {
    private static final String FILE = "org.dvs.sample.cfg";

    @TempDir
    private Path etc;
    private final MapStore store = new MapStore();
    private final KnownBlockFiles blockFiles = new KnownBlockFiles(new Interpolation(Map.of(), new Properties()));
    private Engine engine;

    private Engine start(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        engine = new Engine(new Folder(etc), blockFiles, store, variables,
                new Checker(variables, new Interpolation(environment, new Properties()), Kinds.ofNode(etc, etc)));
        engine.schemas(TestSchemas.all());
        return engine;
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(etc.resolve(name), text);
    }

    /** Two looks: the second finds what the first saw. */
    private void settle() {
        engine.pass();
        engine.pass();
    }

    @Test
    void saysWhatIsWrongWithTheBlockFilesThatBundlesReadAsLongAsTheyDo() throws IOException {
        start(Map.of()).pass();
        Path blocks = etc.resolve("blocks.conf");
        blockFiles.read(blocks, new SampleSchema());
        assertEquals(List.of(), engine.check(Optional.empty()), "none need be there");
        write("blocks.conf", "lb a { nodeid 0; }; server b { nodeid 1; };\nsever c { nodeid 2; };\n");
        List<Problem> problems = engine.check(Optional.empty());
        assertEquals(List.of("blocks.conf:2:1: DVS-CFG-1101: 'sever' is not a kind of block of load balancer; did you mean 'server'?"),
                problems.stream().map(Problem::toString).toList());
        assertEquals(problems, engine.problems());
        blockFiles.forget(List.of(blocks));
        assertEquals(List.of(), engine.check(Optional.empty()));
    }

    @Test
    void publishesAGoodFileAtTheFirstPass() throws IOException {
        write(FILE, "bindPort = 8000\nnames = a,b\n");
        start(Map.of()).pass();
        assertEquals(8000, store.all.get("org.dvs.sample").get("bindPort"));
        assertEquals(List.of("put org.dvs.sample"), store.done);
        assertEquals(1, engine.accepted());
        assertEquals(List.of(), engine.problems());
    }

    @Test
    void publishesAJsonFileAndItsChanges() throws IOException {
        write(FILE + ".json", "{\"bindPort\": 8000, \"names\": [\"a,b\", \"c\"]}\n");
        write("org.dvs.volume-fast.cfg.json", "{\"path\": \"/x\"}");
        start(Map.of()).pass();
        assertEquals(8000, store.all.get("org.dvs.sample").get("bindPort"));
        assertArrayEquals(new String[] {"a,b", "c"}, (String[]) store.all.get("org.dvs.sample").get("names"));
        assertEquals("/x", store.all.get("org.dvs.volume~fast").get("path"));
        write(FILE + ".json", "{\"bindPort\": 1}\n");
        settle();
        assertEquals(8000, store.all.get("org.dvs.sample").get("bindPort"));
        assertEquals(List.of(FILE + ".json:1:14: DVS-CFG-1102: bindPort: 1 is not in range 1024..65535"),
                engine.problems().stream().map(Problem::toString).toList());
        write(FILE + ".json", "{\"bindPort\": 8001}\n");
        settle();
        assertEquals(8001, store.all.get("org.dvs.sample").get("bindPort"));
        assertEquals(List.of("8001", FILE + ".json:1"),
                rows(new ExplainHandler(engine), "pid", "org.dvs.sample", "key", "bindPort").get(0).subList(2, 4));
        Files.delete(etc.resolve(FILE + ".json"));
        settle();
        assertEquals(Set.of("org.dvs.volume~fast"), store.all.keySet());
    }

    @Test
    void refusesASecondFileForTheSamePid() throws IOException {
        write(FILE, "bindPort = 8000\n");
        start(Map.of()).pass();
        write(FILE + ".json", "{\"bindPort\": 9000}\n");
        settle();
        settle();
        List<String> clash = List.of(FILE + ".json:1:1: DVS-CFG-1104: org.dvs.sample is set by " + FILE
                + " already, which counts; remove one of the two");
        assertEquals(8000, store.all.get("org.dvs.sample").get("bindPort"));
        assertEquals(1, engine.rejected());
        assertEquals(clash, engine.problems().stream().map(Problem::toString).toList());
        assertEquals(clash, engine.check(Optional.empty()).stream().map(Problem::toString).toList());
        Files.delete(etc.resolve(FILE));
        settle();
        assertEquals(9000, store.all.get("org.dvs.sample").get("bindPort"));
        assertEquals(List.of(), engine.problems());
    }

    @Test
    void publishesAnEmptyFileAsAnEmptyConfiguration() throws IOException {
        write(FILE, "# all defaults\n");
        start(Map.of()).pass();
        assertEquals(Map.of(), store.all.get("org.dvs.sample"));
    }

    @Test
    void publishesOnlyWhatChanged() throws IOException {
        write(FILE, "bindPort = 8000\nports = 1,2\n");
        write("org.dvs.shared.cfg", "letter = y\n");
        start(Map.of()).pass();
        write(FILE, "bindPort = 8001\n");
        settle();
        assertEquals(List.of("put org.dvs.sample", "put org.dvs.shared", "put org.dvs.sample"), store.done);
        Files.setLastModifiedTime(etc.resolve(FILE), FileTime.fromMillis(1));
        write(FILE, "# another comment\nbindPort = 8001\n");
        settle();
        assertEquals(3, store.done.size());
    }

    @Test
    void seesAChangeThatKeepsSizeAndTime() throws IOException {
        write(FILE, "bindPort = 8000\n");
        FileTime time = Files.getLastModifiedTime(etc.resolve(FILE));
        start(Map.of()).pass();
        write(FILE, "bindPort = 8001\n");
        Files.setLastModifiedTime(etc.resolve(FILE), time);
        settle();
        assertEquals(8001, store.all.get("org.dvs.sample").get("bindPort"));
    }

    @Test
    void waitsUntilAFileIsWrittenToItsEnd() throws IOException {
        write(FILE, "bindPort = 8000\n");
        assertFalse(start(Map.of()).pass());
        write(FILE, "bindPort = 80");
        assertTrue(engine.pass(), "another look should follow soon");
        write(FILE, "bindPort = 8001\n");
        assertTrue(engine.pass());
        assertFalse(engine.pass());
        assertEquals(8001, store.all.get("org.dvs.sample").get("bindPort"));
        assertEquals(0, engine.rejected());
    }

    @Test
    void changesNothingWhenAReloadIsBad() throws IOException {
        write(FILE, "bindPort = 8000\nmode = SAFE\n");
        start(Map.of()).pass();
        String hash = engine.hash();
        write(FILE, "bindPort = 8001\nmoed = SAFE\n");
        settle();
        settle();
        assertEquals(Map.of("bindPort", 8000, "mode", "SAFE"), store.all.get("org.dvs.sample"));
        assertEquals(1, store.done.size());
        assertEquals(1, engine.rejected());
        assertEquals(List.of(FILE + ":2:1: DVS-CFG-1101: 'moed' is not a key of org.dvs.sample; did you mean 'mode'?"),
                engine.problems().stream().map(Problem::toString).toList());
        assertEquals(hash, engine.hash());
        write(FILE, "bindPort = 8001\nmode = SAFE\n");
        settle();
        assertEquals(8001, store.all.get("org.dvs.sample").get("bindPort"));
        assertEquals(List.of(), engine.problems());
        assertNotEquals(hash, engine.hash());
    }

    @Test
    void withdrawsAConfigurationWhoseFileIsGone() throws IOException {
        write(FILE, "bindPort = 8000\n");
        write("org.dvs.volume-fast.cfg", "path = /x\n");
        start(Map.of()).pass();
        assertEquals("/x", store.all.get("org.dvs.volume~fast").get("path"));
        Files.delete(etc.resolve("org.dvs.volume-fast.cfg"));
        settle();
        assertEquals(Set.of("org.dvs.sample"), store.all.keySet());
    }

    @Test
    void withdrawsNothingWhenTheFolderCannotBeRead() throws IOException {
        write(FILE, "bindPort = 8000\n");
        start(Map.of()).pass();
        Path away = etc.resolveSibling("away");
        Files.move(etc, away);
        settle();
        settle();
        assertEquals(Set.of("org.dvs.sample"), store.all.keySet());
        Files.move(away, etc);
        settle();
        assertEquals(List.of("put org.dvs.sample"), store.done);
    }

    @Test
    void leavesAloneWhatTheLastRunPublishedAlready() throws IOException {
        write(FILE, "bindPort = 8000\nports = 1,2\n");
        start(Map.of()).pass();
        store.done.clear();
        start(Map.of()).pass();
        assertEquals(List.of(), store.done);
    }

    @Test
    void withdrawsAtStartWhatTheLastRunPublishedForAFileThatIsGone() throws IOException {
        store.put("org.dvs.sample", Map.of("bindPort", 8000));
        store.all.put("somebody.else", Map.of());
        start(Map.of()).pass();
        assertEquals(Set.of("somebody.else"), store.all.keySet());
    }

    @Test
    void leavesInForceAtStartWhatTheLastRunPublishedIfTheFileIsBad() throws IOException {
        store.put("org.dvs.sample", Map.of("bindPort", 8000));
        write(FILE, "bindPort = 1\n");
        start(Map.of()).pass();
        assertEquals(Map.of("bindPort", 8000), store.all.get("org.dvs.sample"));
        assertEquals(List.of("8000", "an earlier run"),
                rows(new ExplainHandler(engine), "pid", "org.dvs.sample", "key", "bindPort").get(0).subList(2, 4));
    }

    @Test
    void publishesAFileWhenTheBundleThatTakesItComesLater() throws IOException {
        write(FILE, "bindPort = 8000\n");
        start(Map.of());
        engine.schemas(Schemas.NONE);
        engine.pass();
        assertEquals(Set.of(), store.all.keySet());
        assertEquals(0, engine.rejected());
        engine.schemas(TestSchemas.all());
        engine.pass();
        assertEquals(8000, store.all.get("org.dvs.sample").get("bindPort"));
    }

    @Test
    void keepsAConfigurationWhileItsBundleIsAwayForAnUpdate() throws IOException {
        write(FILE, "bindPort = 8000\n");
        start(Map.of()).pass();
        engine.schemas(Schemas.NONE);
        settle();
        assertEquals(8000, store.all.get("org.dvs.sample").get("bindPort"));
        engine.schemas(TestSchemas.all());
        settle();
        assertEquals(List.of("put org.dvs.sample"), store.done);
    }

    @Test
    void triesAgainWhatConfigurationAdminDidNotTake() throws IOException {
        write(FILE, "bindPort = 8000\n");
        store.broken = true;
        start(Map.of()).pass();
        assertEquals(0, engine.accepted());
        store.broken = false;
        engine.pass();
        assertEquals(8000, store.all.get("org.dvs.sample").get("bindPort"));
    }

    @Test
    void publishesWhatOnlyTheEnvironmentSets() throws IOException {
        start(Map.of("DVS_SAMPLE_BINDPORT", "9000", "DVS_HOME", "/x")).pass();
        assertEquals(Map.of("bindPort", 9000), store.all.get("org.dvs.sample"));
        write(FILE, "bindPort = 8000\nmode = SAFE\n");
        settle();
        assertEquals(Map.of("bindPort", 9000, "mode", "SAFE"), store.all.get("org.dvs.sample"));
        Files.delete(etc.resolve(FILE));
        settle();
        assertEquals(Map.of("bindPort", 9000), store.all.get("org.dvs.sample"));
    }

    @Test
    void checksTheFilesOfTheMomentWithoutPublishing() throws IOException, DvsException {
        write(FILE, "bindPort = 8000\n");
        start(Map.of()).pass();
        write(FILE, "bindPort = 1\n");
        write("org.dvs.smaple.cfg", "x = 1\n");
        write("org.dvs.web.json", "{}");
        assertEquals(List.of("org.dvs.sample.cfg:1:12: DVS-CFG-1102: bindPort: 1 is not in range 1024..65535",
                "org.dvs.smaple.cfg:1:1: DVS-CFG-1106: no installed bundle takes this; did you mean 'org.dvs.sample'?",
                "org.dvs.web.json:1:1: DVS-CFG-1106: is read by nobody: settings of the DVS stand in files org.dvs.*.cfg and"
                + " org.dvs.*.cfg.json"),
                engine.check(Optional.empty()).stream().map(Problem::toString).toList());
        List<List<Object>> rows = new ArrayList<>();
        DvsException failed = failure(new CheckHandler(engine, new ConfigFiles(etc), null), rows);
        assertEquals(List.of("org.dvs.sample.cfg", 1L, 12L, "DVS-CFG-1102", "bindPort: 1 is not in range 1024..65535"),
                rows.get(0));
        assertEquals(3, rows.size());
        assertEquals(ErrorCode.BADSETTING, failed.code(), "so that the command leaves with 1");
        assertEquals("3 problem(s); the first is org.dvs.sample.cfg:1:12: DVS-CFG-1102: bindPort: 1 is not in range 1024..65535",
                failed.getMessage());
        assertEquals(8000, store.all.get("org.dvs.sample").get("bindPort"));
    }

    @Test
    void changesNothingForARuleThatIsBrokenAndLooksAgainUntilItIsKept() throws IOException {
        write("org.dvs.rules.cfg", "leastMs = 100\nmostMs = 200\n");
        start(Map.of());
        engine.schemas(new Schemas(List.of(TestSchemas.rules())));
        engine.pass();
        write("org.dvs.rules.cfg", "leastMs = 5000\nmostMs = 2000\nkeys = coming\n");
        settle();
        settle();
        assertEquals(Map.of("leastMs", 100, "mostMs", 200L), store.all.get("org.dvs.rules"));
        assertEquals(List.of("put org.dvs.rules"), store.done);
        assertEquals(2, engine.problems().size(), engine.problems()::toString);
        assertEquals(1, engine.rejected(), "the same is counted once");
        write("org.dvs.rules.cfg", "leastMs = 500\nkeys = coming\n");
        settle();
        assertEquals(2, engine.rejected());
        assertEquals(100, store.all.get("org.dvs.rules").get("leastMs"));
        Files.createDirectory(etc.resolve("coming"));
        engine.pass();
        assertEquals(Map.of("leastMs", 500, "keys", "coming"), store.all.get("org.dvs.rules"));
        assertEquals(List.of(), engine.problems());
    }

    @Test
    void looksForTheSecretsThatSettingsReferTo() throws IOException, DvsException {
        write(FILE, "bindPort = 8000\njoin = file:there\nadminPassword = secret:gone\n");
        start(Map.of("DVS_SAMPLE_JOIN", "env:NOWHERE")).pass();
        assertEquals(0, engine.rejected(), "they may come later than the file");
        Secrets none = reference -> {
            if (reference.equals("file:there")) {
                return new char[] {'x'};
            }
            throw new DvsException(ErrorCode.NOSECRET, reference + ": is not there");
        };
        assertEquals(List.of(FILE + ":3:17: DVS-CFG-1108: adminPassword: secret:gone: is not there",
                "environment DVS_SAMPLE_JOIN: DVS-CFG-1108: join: env:NOWHERE: is not there"),
                engine.check(Optional.of(none)).stream().map(Problem::toString).sorted(Comparator.reverseOrder()).toList());
        assertEquals(List.of(), engine.check(Optional.empty()));
        List<List<Object>> rows = new ArrayList<>();
        assertEquals(ErrorCode.NOSECRET, failure(new CheckHandler(engine, new ConfigFiles(etc), none), rows).code());
        assertEquals(2, rows.size());
        assertEquals(0, rows(new CheckHandler(engine, new ConfigFiles(etc), null)).size());
        Files.delete(etc.resolve(FILE));
        assertEquals(1, engine.check(Optional.of(none)).size());
    }

    @Test
    void explainsWhereEachValueComesFrom() throws IOException {
        write(FILE, "mode = SAFE\nbindPort = 8000\nadminPassword = secret:admin\n");
        write("org.dvs.volume-fast.cfg", "path = /x\n");
        start(Map.of("DVS_SAMPLE_BINDPORT", "9000")).pass();
        List<List<Object>> rows = rows(new ExplainHandler(engine), "pid", "org.dvs.sample");
        assertEquals(12, rows.size());
        assertEquals(List.of("org.dvs.sample", "bindPort", "9000", "env DVS_SAMPLE_BINDPORT", "whole number", "7800", "1024",
                "65535", "port"), rows.get(1));
        assertEquals(List.of("SAFE", FILE + ":1"), rows.get(5).subList(2, 4));
        assertEquals(List.of("127.0.0.1", "default"), rows.get(0).subList(2, 4));
        assertEquals(List.of("secret:admin", FILE + ":3"), rows.get(9).subList(2, 4));
        assertEquals(List.of("", "unset"), rows.get(10).subList(2, 4));
        assertEquals(List.of("/x", "org.dvs.volume-fast.cfg:1"),
                rows(new ExplainHandler(engine), "pid", "org.dvs.volume~fast", "key", "path")
                .get(0).subList(2, 4));
        assertEquals(ErrorCode.NOCONFIG, refused(Map.of("pid", "org.dvs.sampel")));
        assertEquals(ErrorCode.BADKEY, refused(Map.of("pid", "org.dvs.sample", "key", "bindprot")));
    }

    @Test
    void offersPidsAndKeysWhileSomebodyTypes() {
        start(Map.of());
        ExplainHandler handler = new ExplainHandler(engine);
        assertEquals(List.of("org.dvs.must", "org.dvs.sample", "org.dvs.shared", "org.dvs.volume"),
                handler.suggest(handler.spec().parameter("pid").orElseThrow(), ""));
        assertTrue(handler.suggest(handler.spec().parameter("key").orElseThrow(), "").contains("bindPort"));
    }

    private ErrorCode refused(Map<String, Object> values) {
        return assertThrows(DvsException.class, () -> Explanation.of(engine, Optional.ofNullable((String) values.get("pid")),
                Optional.ofNullable((String) values.get("key")))).code();
    }

    private static DvsException failure(RequestHandler handler, List<List<Object>> rows) throws DvsException {
        RequestSpec spec = handler.spec();
        Caller caller = new Caller("test", Set.of(Role.VIEWER), "internal", "local");
        Request request = new Request(spec, spec.complete(Map.of()), caller, "r", System::nanoTime,
                System.nanoTime() + Asked.LIMIT.toNanos());
        return assertThrows(DvsException.class, () -> handler.handle(request, row -> rows.add(Arrays.asList(row))));
    }

    private static List<List<Object>> rows(RequestHandler handler, String... values) {
        try {
            return Asked.of(handler, values).table();
        } catch (DvsException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
