package org.dvs.proxy.internal.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.dvs.config.api.Block;
import org.dvs.config.api.BlockSetting;
import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Options;

/**
 * What a checked block file says for one node.
 *
 * <p><b>Ports.</b> With a port for each pair, node L listens for node R at its base port + R and connects to R's base port + L;
 * with a single one everybody listens at base port + own id. What a block names itself counts. Source: dsp-lb reference 4;
 * R-PXY-03, R-PXY-04.
 *
 * @param basePort of this node
 * @param peers    by id; empty if the file names nobody, then every member of the cluster is one
 */
public record ProxyBlocks(int basePort, SortedMap<Integer, PeerSettings> peers) {
    private static final int DEFAULT_BASE = 3_000;

    /**
     * @param blocks      good by {@link ProxySchema}
     * @param own         this node's id; a block for itself says nothing
     * @param defaultBase base port of nodes without a block; with 0 this node listens at any, one for all, and the others are
     *     where the seeds say
     * @param eachPair    whether each pair has a port of its own, as far as this node has a base port
     * @param defaults    options that a block does not set
     */
    public static ProxyBlocks of(List<Block> blocks, int own, int defaultBase, boolean eachPair, Options defaults) {
        int otherwise = defaultBase == 0 ? DEFAULT_BASE : defaultBase;
        int base = base(blocks, own, defaultBase);
        SortedMap<Integer, PeerSettings> peers = new TreeMap<>();
        for (Block block : blocks) {
            if (!block.kind().equals(ProxySchema.PROXY)) {
                continue;
            }
            int id = number(block, "proxyid").orElseThrow();
            if (id == own) {
                continue;
            }
            int theirs = base(blocks, id, otherwise);
            int port = number(block, "sport").orElse(eachPair ? theirs + own : theirs + id);
            int listen = number(block, "rport").orElse(eachPair && base != 0 ? base + id : 0);
            Optional<String> listenHost = block.setting("rname").map(BlockSetting::value)
                    .filter(name -> !name.equalsIgnoreCase("ANY"));
            peers.put(id, new PeerSettings(id, block.name(), Optional.of(block.name()), port, listen, listenHost,
                    options(block, defaults)));
        }
        return new ProxyBlocks(base, peers);
    }

    /** Whether a pair has no port of its own, so that its node comes to the one for all. */
    public boolean needsOneForAll() {
        return peers.isEmpty() || peers.values().stream().anyMatch(peer -> peer.listenPort() == 0);
    }

    private static int base(List<Block> blocks, int node, int otherwise) {
        return blocks.stream().filter(block -> block.kind().equals(ProxySchema.NODE)
                && number(block, "nodeid").orElseThrow() == node)
                .findFirst().flatMap(block -> number(block, "baseport")).orElse(otherwise);
    }

    private static Options options(Block block, Options otherwise) {
        return new Options(yes(block, "batch", otherwise.batch()), yes(block, "compress", otherwise.compress()),
                yes(block, "autobind", otherwise.autobind()), yes(block, "sequence", otherwise.sequence()),
                yes(block, "sendpid", otherwise.sendPid()), block.setting("digest")
                .map(digest -> DigestKind.valueOf(digest.value().toUpperCase(Locale.ROOT))).orElse(otherwise.digest()));
    }

    private static boolean yes(Block block, String key, boolean otherwise) {
        return ProxySchema.setting(block, key).map(setting -> setting.value().equalsIgnoreCase("YES")).orElse(otherwise);
    }

    private static Optional<Integer> number(Block block, String key) {
        return ProxySchema.setting(block, key).map(setting -> Integer.valueOf(setting.value()));
    }
}
