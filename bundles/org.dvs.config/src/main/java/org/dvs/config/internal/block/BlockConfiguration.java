package org.dvs.config.internal.block;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;

import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.FileBasedConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.dvs.config.api.Block;
import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.BlockSetting;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.TextFile;

/**
 * The block format as a format of Commons Configuration: {@code server(1).nodeid} is the key of the second server's node id,
 * {@code server(1)[@name]} its name. Not thread-safe while being read.
 */
public final class BlockConfiguration extends BaseHierarchicalConfiguration implements FileBasedConfiguration {
    private static final String NAME = "name";

    /** Fills a configuration with blocks. */
    public static BlockConfiguration of(List<Block> blocks) {
        BlockConfiguration configuration = new BlockConfiguration();
        configuration.fill(blocks);
        return configuration;
    }

    private void fill(List<Block> blocks) {
        ImmutableNode.Builder root = new ImmutableNode.Builder();
        for (Block block : blocks) {
            ImmutableNode.Builder node = new ImmutableNode.Builder().name(block.kind()).addAttribute(NAME, block.name());
            for (BlockSetting setting : block.settings()) {
                node.addChild(new ImmutableNode.Builder().name(setting.key()).value(setting.value()).create());
            }
            root.addChild(node.create());
        }
        getNodeModel().setRootNode(root.create());
    }

    /** @throws ConfigurationException whose message is all problems, one a line */
    @Override
    public void read(Reader in) throws ConfigurationException, IOException {
        StringWriter text = new StringWriter();
        in.transferTo(text);
        BlockFiles.Result result = BlockParser.parse(TextFile.of("input", text.toString()));
        if (!result.good()) {
            throw new ConfigurationException(String.join("\n", result.problems().stream().map(Problem::toString).toList()));
        }
        fill(result.blocks());
    }

    /** Writes blocks that {@link #read} takes; values stand in quotes. */
    @Override
    public void write(Writer out) throws IOException {
        for (ImmutableNode block : getNodeModel().getInMemoryRepresentation().getChildren()) {
            out.write(block.getNodeName() + ' ' + block.getAttributes().get(NAME) + " {\n");
            for (ImmutableNode setting : block.getChildren()) {
                out.write("    " + setting.getNodeName() + " \"" + String.valueOf(setting.getValue()).replace("\"", "\\\"")
                        + "\";\n");
            }
            out.write("};\n");
        }
    }
}
