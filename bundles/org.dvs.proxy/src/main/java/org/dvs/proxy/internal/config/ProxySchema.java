package org.dvs.proxy.internal.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.ErrorCode;
import org.dvs.config.api.Block;
import org.dvs.config.api.BlockSchema;
import org.dvs.config.api.BlockSetting;
import org.dvs.config.api.Problem;

/**
 * Block files of proxies. Words of the seeds' samples and of multi_proxy are taken as well: {@code proxyID}, {@code nodeid},
 * {@code compression}, {@code sendPID}. Source: dsp-lb reference 2.4, 3; R-PXY-02.
 */
public final class ProxySchema implements BlockSchema {
    static final String NODE = "node";
    static final String PROXY = "proxy";
    static final int MAX_ID = 1_023;
    private static final int MAX_PORT = 65_535;
    /** Spellings of one key; the first is the one to write. */
    static final List<List<String>> SPELLINGS = List.of(List.of("proxyid", "proxyID", "nodeid"), List.of("compress",
            "compression"),
            List.of("sendpid", "sendPID"));

    @Override
    public String name() {
        return "proxies";
    }

    @Override
    public List<Kind> kinds() {
        return List.of(
                new Kind(NODE, 0, MAX_ID + 1, List.of(Key.number("nodeid", 0, MAX_ID).mandatory(),
                        Key.number("baseport", 1, MAX_PORT - MAX_ID))),
                new Kind(PROXY, 0, MAX_ID, List.of(id("proxyid"), id("proxyID"), id("nodeid"), Key.word("proto", "tcp"),
                        Key.number("rport", 1, MAX_PORT), Key.number("sport", 1, MAX_PORT), Key.text("rname"), yes("compress"),
                        yes("compression"), yes("batch"), yes("autobind"), yes("sendpid"), yes("sendPID"), yes("sequence"),
                        Key.word("digest", "none", "crc32c", "xxhash64", "md5"))));
    }

    private static Key id(String name) {
        return Key.number(name, 0, MAX_ID);
    }

    private static Key yes(String name) {
        return Key.word(name, "YES", "NO");
    }

    @Override
    public List<CrossCheck> checks() {
        return List.of(ProxySchema::spelledOnce, unique("proxyid", PROXY), unique("nodeid", NODE), unique("rport", PROXY),
                ProxySchema::namesFit);
    }

    /** A setting by any of its spellings. */
    static Optional<BlockSetting> setting(Block block, String key) {
        for (List<String> spellings : SPELLINGS) {
            if (spellings.get(0).equals(key)) {
                return spellings.stream().map(block::setting).flatMap(Optional::stream).findFirst();
            }
        }
        return block.setting(key);
    }

    private static List<Problem> spelledOnce(String file, List<Block> blocks) {
        List<Problem> problems = new ArrayList<>();
        for (Block block : blocks) {
            if (!block.kind().equals(PROXY)) {
                continue;
            }
            for (List<String> spellings : SPELLINGS) {
                List<BlockSetting> given = spellings.stream().map(block::setting).flatMap(Optional::stream).toList();
                if (given.size() > 1) {
                    problems.add(new Problem(file, given.get(1).keyPlace(), ErrorCode.DUPLICATE, given.get(1).key() + " of '"
                            + block.title() + "' is " + given.get(0).key() + " at " + given.get(0).keyPlace()
                            + " by another name"));
                }
            }
            if (setting(block, "proxyid").isEmpty()) {
                problems.add(new Problem(file, block.place(), ErrorCode.MISSINGKEY, "'" + block.title() + "' has no proxyid"));
            }
        }
        return problems;
    }

    /** No two blocks of a kind have the same number there, however it is written. */
    private static CrossCheck unique(String key, String kind) {
        return (file, blocks) -> {
            List<Problem> problems = new ArrayList<>();
            Map<Integer, Block> first = new HashMap<>();
            for (Block block : blocks) {
                Optional<BlockSetting> number = block.kind().equals(kind) ? setting(block, key) : Optional.empty();
                number.ifPresent(given -> {
                    Block earlier = first.putIfAbsent(Integer.valueOf(given.value()), block);
                    if (earlier != null) {
                        problems.add(new Problem(file, given.valuePlace(), ErrorCode.DUPLICATE,
                                key + " " + given.value() + " of '" + block.title() + "' is that of '" + earlier.title() + "' at "
                                + setting(earlier, key).orElseThrow().valuePlace() + " already"));
                    }
                });
            }
            return problems;
        };
    }

    /** The name of a block is that of the pair in the kernel, too. */
    private static List<Problem> namesFit(String file, List<Block> blocks) {
        List<Problem> problems = new ArrayList<>();
        for (Block block : blocks) {
            if (block.name().length() > 15 && block.kind().equals(PROXY)) {
                problems.add(new Problem(file, block.place(), ErrorCode.BADSETTING, "the name of '" + block.title()
                        + "' is longer than 15 characters; give the host by another name"));
            }
        }
        return problems;
    }
}
