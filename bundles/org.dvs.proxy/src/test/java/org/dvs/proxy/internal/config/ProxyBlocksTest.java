package org.dvs.proxy.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.dvs.api.ErrorCode;
import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.BlockFilesComponent;
import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Options;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "a block file of proxies …". */
@Tag("R-PXY-02")
class ProxyBlocksTest {
    private static final Options NONE = new Options(false, false, false, false, false, DigestKind.NONE);
    /** Of seed 002, its node block closed as it is meant. */
    private static final String SEED = """
            # this is a comment
            node node0 {
            	nodeid 		0;
            	baseport	3000;
            };

            proxy node1 {
            	proxyID		1;
            	sendPID		YES;
            	compression	YES;
            	batch		YES;
            	autobind	YES;
            };

            proxy node2 {
            	proxyID		2;
            	sendPID		NO;
            	compression	NO;
            	batch		NO;
            	autobind	NO;
            };
            """;

    private static BlockFiles.Result read(String text) throws IOException {
        Path file = Files.createTempFile("proxies", ".conf");
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
            return new BlockFilesComponent().read(file, new ProxySchema());
        } finally {
            Files.delete(file);
        }
    }

    private static ProxyBlocks of(String text, int own, boolean eachPair) throws IOException {
        BlockFiles.Result result = read(text);
        assertTrue(result.good(), result.problems().toString());
        return ProxyBlocks.of(result.blocks(), own, 4000, eachPair, NONE);
    }

    private static List<ErrorCode> problems(String text) throws IOException {
        return read(text).problems().stream().map(Problem::code).toList();
    }

    @Test
    void isTakenAsTheSeedWritesIt() throws IOException {
        ProxyBlocks blocks = of(SEED, 0, false);
        assertEquals(3000, blocks.basePort());
        assertEquals(List.of(1, 2), List.copyOf(blocks.peers().keySet()));
        assertEquals(new Options(true, true, true, false, true, DigestKind.NONE), blocks.peers().get(1).options());
        assertEquals(NONE, blocks.peers().get(2).options());
        assertEquals(Optional.of("node1"), blocks.peers().get(1).host());
    }

    @Test
    void isTakenAsMultiProxyWritesIt() throws IOException {
        PeerSettings peer = of("proxy node1 { proxyid 1; proto tcp; rport 3001; sport 3000; compress yes; batch NO; autobind Yes;"
                + " rname ANY; sequence YES; digest MD5 };", 0, false).peers().get(1);
        assertEquals(new PeerSettings(1, "node1", Optional.of("node1"), 3000, 3001, Optional.empty(),
                new Options(false, true, true, true, false, DigestKind.MD5)), peer);
    }

    @Test
    @Tag("R-PXY-03")
    void givesEachPairItsPortsByRule() throws IOException {
        String text = "node a { nodeid 1; baseport 3000; }; node b { nodeid 2; baseport 5000; };"
                + "proxy n0 { proxyid 0; }; proxy n1 { proxyid 1; }; proxy n2 { proxyid 2; }; proxy n3 { nodeid 3; };";
        ProxyBlocks blocks = of(text, 1, true);
        // Node 1 goes to port 3001: its own id behind the other's base.
        assertEquals(4001, blocks.peers().get(0).port());
        assertEquals(3000, blocks.peers().get(0).listenPort());
        assertEquals(5001, blocks.peers().get(2).port());
        assertEquals(3002, blocks.peers().get(2).listenPort());
        assertFalse(blocks.peers().containsKey(1));
        ProxyBlocks other = of(text, 2, true);
        assertEquals(blocks.peers().get(2).port(), other.peers().get(1).listenPort());
        assertEquals(other.peers().get(1).port(), blocks.peers().get(2).listenPort());
    }

    @Test
    @Tag("R-PXY-04")
    void givesAllPairsOnePortByRule() throws IOException {
        ProxyBlocks blocks = of("node b { nodeid 2; baseport 5000; }; proxy n2 { proxyid 2; }; proxy n3 { proxyid 3; };", 1,
                false);
        assertEquals(5002, blocks.peers().get(2).port());
        assertEquals(4003, blocks.peers().get(3).port());
        assertEquals(0, blocks.peers().get(2).listenPort());
    }

    @Test
    @Tag("R-PXY-03")
    void leavesPairsTheOnePortOfANodeThatHasNoBasePort() throws IOException {
        String peers = "proxy n1 { proxyid 1; }; proxy n2 { proxyid 2; rport 7000; };";
        ProxyBlocks anywhere = ProxyBlocks.of(read(peers).blocks(), 0, 0, true, NONE);
        assertEquals(0, anywhere.basePort());
        assertEquals(0, anywhere.peers().get(1).listenPort());
        assertEquals(7000, anywhere.peers().get(2).listenPort());
        assertTrue(anywhere.needsOneForAll());
        ProxyBlocks named = ProxyBlocks.of(read("node own { nodeid 0; baseport 5000; };" + peers).blocks(), 0, 0, true, NONE);
        assertEquals(5001, named.peers().get(1).listenPort());
        assertFalse(named.needsOneForAll());
    }

    @Test
    void meansNumbersHoweverTheyAreWritten() throws IOException {
        ProxyBlocks blocks = of("node a { nodeid 01; baseport 05000; }; proxy n1 { proxyid 001; };", 2, false);
        assertEquals(5001, blocks.peers().get(1).port());
        assertEquals(List.of(ErrorCode.DUPLICATE), problems("node a { nodeid 1; }; node b { nodeid 01; };"));
        assertEquals(List.of(ErrorCode.DUPLICATE),
                problems("proxy a { proxyid 1; rport 7; }; proxy b { proxyid 2; rport 07; };"));
    }

    @Test
    void isRefusedWithEveryProblemAtItsPlace() throws IOException {
        assertEquals(List.of(ErrorCode.DUPLICATE), problems("proxy a { proxyid 1; }; proxy b { nodeid 1; };"));
        assertEquals(List.of(ErrorCode.DUPLICATE), problems("proxy a { proxyid 1; compress YES; compression NO; };"));
        assertEquals(List.of(ErrorCode.DUPLICATE), problems("proxy a { proxyid 1; rport 7; }; proxy b { proxyid 2; rport 7; };"));
        assertEquals(List.of(ErrorCode.DUPLICATE), problems("node a { nodeid 1; }; node b { nodeid 1; };"));
        assertEquals(List.of(ErrorCode.MISSINGKEY), problems("proxy a { batch YES; };"));
        assertEquals(List.of(ErrorCode.BADKEY), problems("proxy a { proxyid 1; batsh YES; };"));
        assertEquals(List.of(ErrorCode.BADKEY), problems("server a { nodeid 1; };"));
        assertEquals(List.of(ErrorCode.BADSETTING), problems("proxy a { proxyid 1; batch MAYBE; };"));
        assertEquals(List.of(ErrorCode.BADSETTING), problems("proxy a { proxyid 1; proto udp; };"));
        assertEquals(List.of(ErrorCode.BADSETTING), problems("proxy a { proxyid 4711; };"));
        assertEquals(List.of(ErrorCode.BADSETTING), problems("proxy a_name_of_sixteen { proxyid 1; };"));
        assertFalse(problems("node node0 { nodeid 0; baseport 3000; ;\nproxy a { proxyid 1; };").isEmpty());
    }

    /** Whatever is taken can be used: every pair has an id, ports and options. */
    @FuzzTest
    void isReadOrRefused(FuzzedDataProvider data) throws IOException {
        int own = data.consumeInt(0, 3);
        boolean eachPair = data.consumeBoolean();
        BlockFiles.Result result = read(data.consumeRemainingAsString());
        if (result.good()) {
            ProxyBlocks blocks = ProxyBlocks.of(result.blocks(), own, 3000, eachPair, NONE);
            blocks.peers().forEach((id, peer) -> {
                assertEquals(id, peer.id());
                assertTrue(id != own && peer.port() > 0 && peer.port() <= 65_535 && peer.listenPort() <= 65_535);
            });
        }
    }
}
