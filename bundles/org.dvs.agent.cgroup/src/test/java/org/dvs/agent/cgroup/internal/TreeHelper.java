package org.dvs.agent.cgroup.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.GroupMake;
import org.dvs.helper.api.HelperRequest.GroupWrite;
import org.dvs.helper.api.HelperRequest.NetProbe;
import org.dvs.helper.api.HelperRequest.NetSet;
import org.dvs.helper.api.HelperRequest.NetShow;
import org.dvs.procfs.ControlGroups;

/** Does what concerns files in a recorded tree, and keeps the rest. */
final class TreeHelper implements Helper {
    private final Path root;
    private List<String> lacking = List.of();
    private HelperReply net = HelperReply.DONE;
    private ErrorCode refusal;
    private final List<HelperRequest> asked = new ArrayList<>();

    TreeHelper(Path root) {
        this.root = root;
    }

    /** A machine that cannot limit traffic. */
    void lacks(String what) {
        this.lacking = List.of(what);
    }

    /** What comes of each limit from now on; null for success. */
    void refuses(ErrorCode code) {
        this.refusal = code;
    }

    /** What limits of traffic there are. */
    void shows(HelperReply limits) {
        this.net = limits;
    }

    /** What was asked since the last time this was called. */
    List<HelperRequest> asked() {
        List<HelperRequest> taken = List.copyOf(asked);
        asked.clear();
        return taken;
    }

    private Path folder(String controller, Object path) {
        return ControlGroups.read(root).of(controller).orElseThrow().folder().resolve("dvs.slice/n0").resolve(path.toString());
    }

    @Override
    public HelperReply ask(HelperRequest request) throws DvsException {
        if (request instanceof NetProbe) {
            return HelperReply.of(List.of(), lacking);
        }
        asked.add(request);
        if (request instanceof NetSet && refusal != null) {
            throw new DvsException(refusal, "traffic");
        }
        if (request instanceof NetShow) {
            return net;
        }
        try {
            if (request instanceof GroupMake make) {
                Files.createDirectories(folder(make.controller(), make.path()));
            } else if (request instanceof GroupWrite write) {
                if (refusal != null) {
                    throw new DvsException(refusal, write.path().toString());
                }
                Path folder = folder(write.file().controller(), write.path());
                if (!Files.isDirectory(folder)) {
                    throw new DvsException(ErrorCode.NOENT, write.path().toString());
                }
                Files.writeString(folder.resolve(write.file().file()), write.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HelperReply.DONE;
    }

    @Override
    public boolean separate() {
        return true;
    }

    @Override
    public List<String> subtree() {
        return List.of("dvs.slice", "n0");
    }

    @Override
    public long pid() {
        return 4_000_000;
    }
}
