package org.dvs.config.internal.block;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Nearest;
import org.dvs.api.Printable;
import org.dvs.config.api.Block;
import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.BlockSchema;
import org.dvs.config.api.BlockSetting;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.Interpolation;
import org.dvs.config.internal.TextFile;
import org.dvs.config.internal.schema.SecretSettings;

/** Reads a block file and says all that is wrong with it: syntax, doubles, and what a {@link BlockSchema} says. Thread-safe. */
public final class BlockChecker {
    /** Characters of a word at fault that a message shows. */
    static final int SHOWN = 64;

    private final Interpolation interpolation;

    public BlockChecker(Interpolation interpolation) {
        this.interpolation = interpolation;
    }

    /** @param schema empty to check syntax and doubles only */
    public BlockFiles.Result check(TextFile file, Optional<BlockSchema> schema) {
        BlockFiles.Result parsed = BlockParser.parse(file);
        List<Problem> problems = new ArrayList<>(parsed.problems());
        doubles(file.name(), parsed.blocks(), problems);
        List<Block> blocks = parsed.blocks().stream().map(block -> interpolated(file.name(), block, problems)).toList();
        schema.ifPresent(known -> {
            blocks.forEach(block -> block(file.name(), block, known, problems));
            counts(file.name(), blocks, known, problems);
            if (problems.isEmpty()) {
                known.checks().forEach(check -> problems.addAll(check.check(file.name(), blocks)));
            }
        });
        return new BlockFiles.Result(blocks, problems);
    }

    private static void doubles(String file, List<Block> blocks, List<Problem> problems) {
        Map<String, Block> titles = new HashMap<>();
        for (Block block : blocks) {
            Block earlier = titles.putIfAbsent(block.title(), block);
            if (earlier != null) {
                problems.add(new Problem(file, block.place(), ErrorCode.DUPLICATE,
                        shown(block.title()) + " stands at " + earlier.place() + " already"));
            }
            Map<String, Place> keys = new HashMap<>();
            for (BlockSetting setting : block.settings()) {
                Place first = keys.putIfAbsent(setting.key(), setting.keyPlace());
                if (first != null) {
                    problems.add(new Problem(file, setting.keyPlace(), ErrorCode.DUPLICATE,
                            shown(setting.key()) + " of " + shown(block.title()) + " stands at " + first + " already"));
                }
            }
        }
    }

    private Block interpolated(String file, Block block, List<Problem> problems) {
        List<BlockSetting> settings = new ArrayList<>();
        for (BlockSetting setting : block.settings()) {
            String value = setting.value();
            try {
                if (SecretSettings.named(setting.key())) {
                    // A reference as it stands: in place of a variable there would be the secret.
                    SecretSettings.check(setting.key(), value);
                } else {
                    value = interpolation.apply(value);
                }
            } catch (DvsException e) {
                problems.add(new Problem(file, setting.valuePlace(), e.code(),
                        e.code() == ErrorCode.CLEARSECRET ? e.getMessage() : setting.key() + ": " + e.getMessage()));
            }
            settings.add(new BlockSetting(setting.key(), value, setting.quoted(), setting.keyPlace(), setting.valuePlace()));
        }
        return new Block(block.kind(), block.name(), block.place(), settings);
    }

    private static void block(String file, Block block, BlockSchema schema, List<Problem> problems) {
        Optional<BlockSchema.Kind> kind = schema.kinds().stream().filter(each -> each.name().equals(block.kind())).findFirst();
        if (kind.isEmpty()) {
            List<String> kinds = schema.kinds().stream().map(BlockSchema.Kind::name).toList();
            problems.add(new Problem(file, block.place(), ErrorCode.BADKEY,
                    shown(block.kind()) + " is not a kind of block of " + schema.name() + Nearest.hint(block.kind(), kinds)));
            return;
        }
        List<String> keys = kind.get().keys().stream().map(BlockSchema.Key::name).toList();
        for (BlockSetting setting : block.settings()) {
            Optional<BlockSchema.Key> key = kind.get().key(setting.key());
            if (key.isEmpty()) {
                problems.add(new Problem(file, setting.keyPlace(), ErrorCode.BADKEY,
                        shown(setting.key()) + " is not a key of '" + block.kind() + "'" + Nearest.hint(setting.key(), keys)));
            } else {
                fault(key.get(), setting.value()).ifPresent(text -> problems.add(
                        new Problem(file, setting.valuePlace(), ErrorCode.BADSETTING, setting.key() + ": " + text)));
            }
        }
        kind.get().keys().stream().filter(key -> key.required() && block.setting(key.name()).isEmpty()).forEach(key ->
                problems.add(new Problem(file, block.place(), ErrorCode.MISSINGKEY, shown(block.title()) + " has no '"
                + key.name() + "'")));
    }

    private static Optional<String> fault(BlockSchema.Key key, String value) {
        if (!key.options().isEmpty()) {
            return key.options().stream().anyMatch(value::equalsIgnoreCase) ? Optional.empty()
                    : Optional.of(shown(value) + " is not one of " + String.join(", ", key.options())
                            + Nearest.hint(value, key.options()));
        }
        if (key.number() && !value.matches("[+-]?\\d{1,18}")) {
            return Optional.of(shown(value) + " is not a whole number");
        }
        long size = key.number() ? Long.parseLong(value) : value.length();
        return size >= key.min() && size <= key.max() ? Optional.empty()
                : Optional.of(size + (key.number() ? "" : " characters") + " is not in range " + key.min() + ".." + key.max());
    }

    private static String shown(String word) {
        return Printable.quoted(word, SHOWN);
    }

    private static void counts(String file, List<Block> blocks, BlockSchema schema, List<Problem> problems) {
        for (BlockSchema.Kind kind : schema.kinds()) {
            List<Block> found = blocks.stream().filter(block -> block.kind().equals(kind.name())).toList();
            if (found.size() < kind.least()) {
                problems.add(new Problem(file, Place.START, ErrorCode.MISSINGKEY,
                        "there must be at least " + kind.least() + " '" + kind.name() + "', there are " + found.size()));
            }
            if (found.size() > kind.most()) {
                problems.add(new Problem(file, found.get(kind.most()).place(), ErrorCode.DUPLICATE, "there may be at most "
                        + kind.most()
                        + " '" + kind.name() + "', there are " + found.size() + "; the first is at " + found.get(0).place()));
            }
        }
    }
}
