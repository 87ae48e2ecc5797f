package org.dvs.config.internal.block;

import java.util.ArrayList;
import java.util.List;

import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.config.api.Block;
import org.dvs.config.api.BlockFiles;
import org.dvs.config.api.BlockSetting;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.TextFile;
import org.dvs.config.internal.block.Scanner.Token;
import org.dvs.config.internal.block.Scanner.Type;

/**
 * Reads the block format of the seeds, going on behind each mistake so that all come at once.
 *
 * <pre>
 * file  := { block }
 * block := kind name "{" { key value ";" } "}" ";"     the last ";" in the braces may be missing
 * value := word | number | "quoted text"               comment := # to the end of the line
 * </pre>
 * Source: dsp-lb reference 2 and 3 (V15). Used once, by one thread.
 */
public final class BlockParser {
    /** More problems than a person reads at once; then reading ends. */
    private static final int MAX_PROBLEMS = 100;

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();
    private final Scanner scanner;
    private Token token;

    private BlockParser(TextFile file) {
        this.file = file.name();
        file.problem().ifPresent(problems::add);
        scanner = new Scanner(file.name(), file.text(), problems);
        token = scanner.next();
    }

    /** Never fails: what is wrong is in the result. */
    public static BlockFiles.Result parse(TextFile file) {
        BlockParser parser = new BlockParser(file);
        parser.file();
        return new BlockFiles.Result(parser.blocks, parser.problems);
    }

    private void file() {
        while (!token.is(Type.FILE_END) && problems.size() < MAX_PROBLEMS) {
            if (token.is(Type.WORD)) {
                block(take());
            } else {
                wrong("a block must begin with its kind; found " + token.shown());
                if (!take().is(Type.END)) {
                    skipBlock();
                }
            }
        }
    }

    private void block(Token kind) {
        if (!token.is(Type.WORD)) {
            wrong(kind.shown() + " must be followed by the block's name; found " + token.shown());
            skipBlock();
            return;
        }
        body(kind, take());
    }

    private void body(Token kind, Token name) {
        if (!token.is(Type.OPEN)) {
            wrong(title(kind, name) + " must be followed by '{'; found " + token.shown());
            skipBlock();
            return;
        }
        take();
        List<BlockSetting> settings = new ArrayList<>();
        while (!token.is(Type.CLOSE) && problems.size() < MAX_PROBLEMS) {
            if (token.is(Type.FILE_END)) {
                wrong(notClosed(kind, name) + "; found the end of the file");
                break;
            }
            if (!token.is(Type.WORD)) {
                wrong("a key or '}' must stand here; found " + token.shown());
                boolean inner = token.is(Type.OPEN);
                take();
                if (inner) {
                    skipSetting();
                }
                continue;
            }
            Token key = take();
            Token value = token;
            if (!value.is(Type.WORD) && !value.is(Type.STRING)) {
                wrong(key.shown() + " has no value");
                skipSetting();
                continue;
            }
            take();
            if (token.is(Type.OPEN) && value.is(Type.WORD)) {
                // kind name { : the next block begins before this one was closed.
                problems.add(new Problem(file, key.place(), ErrorCode.SYNTAX, notClosed(kind, name) + " before "
                        + key.shown() + " begins"));
                add(kind, name, settings);
                body(key, value);
                return;
            }
            settings.add(new BlockSetting(key.text(), value.text(), value.is(Type.STRING), key.place(), value.place()));
            if (token.is(Type.END)) {
                take();
            } else if (!token.is(Type.CLOSE)) {
                wrong("';' must follow the value of " + key.shown() + "; found " + token.shown());
                skipSetting();
            }
        }
        add(kind, name, settings);
        close(kind, name);
    }

    private void close(Token kind, Token name) {
        if (token.is(Type.CLOSE)) {
            take();
            if (token.is(Type.END)) {
                take();
            } else {
                wrong("';' must follow the '}' of " + title(kind, name) + "; found " + token.shown());
            }
        }
    }

    private static String notClosed(Token kind, Token name) {
        return title(kind, name) + " at " + kind.place() + " is not closed with '};'";
    }

    private static String title(Token kind, Token name) {
        return Printable.quoted(kind.text() + ' ' + name.text(), BlockChecker.SHOWN);
    }

    private void add(Token kind, Token name, List<BlockSetting> settings) {
        blocks.add(new Block(kind.text(), name.text(), kind.place(), settings));
    }

    /** Behind the next ';' of this block, or in front of its '}'. */
    private void skipSetting() {
        while (!token.is(Type.CLOSE) && !token.is(Type.FILE_END)) {
            if (take().is(Type.END)) {
                return;
            }
        }
    }

    /** Behind the next '};'. */
    private void skipBlock() {
        while (!token.is(Type.FILE_END)) {
            if (take().is(Type.CLOSE)) {
                if (token.is(Type.END)) {
                    take();
                }
                return;
            }
        }
    }

    private Token take() {
        Token taken = token;
        token = scanner.next();
        return taken;
    }

    private void wrong(String text) {
        Place place = token.place();
        problems.add(new Problem(file, place, ErrorCode.SYNTAX, text));
    }
}
