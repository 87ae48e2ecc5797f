package org.dvs.helper.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.ContainerEngine;
import org.dvs.helper.api.GroupFile;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.NetLimit;
import org.dvs.helper.api.NetLink;
import org.dvs.helper.api.Signal;
import org.dvs.helper.program.CommandResult;
import org.dvs.procfs.NamespaceKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "what goes between node and helper …". */
@Tag("R-CMD-15")
@Tag("R-CMD-16")
class RequestCodecTest {
    private static final List<HelperRequest> ALL = List.of(new HelperRequest.Ping(), new HelperRequest.SendSignal(7, 99L,
            Signal.USR2),
            new HelperRequest.GroupMake("memory", GroupPath.ofDc(3)),
            new HelperRequest.GroupWrite(GroupFile.MEMORY_MAX, GroupPath.ofEndpoint(3, -5), "4096"),
            new HelperRequest.GroupPlace("cpu", GroupPath.ofProcess(7, 99L), 7, 99L),
            new HelperRequest.GroupEnable("cpu", GroupPath.of(""), true), new HelperRequest.GroupRemove(GroupPath.of("a/b")),
            new HelperRequest.GroupForget(GroupPath.of("a/b")),
            new HelperRequest.NamespaceMake(NamespaceKind.UTS, -1, "box-1", false, NetLink.NONE, List.of("/bin/true", "\u00e9")),
            new HelperRequest.NamespaceMake(NamespaceKind.NET, 0, "", true, NetLink.NONE, List.of()),
                    new HelperRequest.NamespaceRelease(0),
            new HelperRequest.NamespacesOf(0),
            new HelperRequest.RunBeside(NamespaceKind.MNT, 7, 99L, List.of("/bin/echo", "a b", "$(id)", "x;y\nz", "-n"), 1_000,
            4_096),
            new HelperRequest.NetProbe(), new HelperRequest.DcsKept(), new HelperRequest.DcForget(5),
            new HelperRequest.NamespaceParents(NamespaceKind.PID),
            new HelperRequest.MountChange("/mnt/a b", false, true, true, 1_000),
            new HelperRequest.NamespaceMake(NamespaceKind.NET, 0, "", true, new NetLink("in0", "out0", "198.18.5.2/24",
                    "fd00::1/64"),
            List.of()),
            new HelperRequest.NetSet(GroupPath.of("a"), "eth0.5", new NetLimit(1_000, 0, 1_600, 7, 0xffffffffL)),
            new HelperRequest.NetClear(GroupPath.of("a"), ""), new HelperRequest.NetShow(GroupPath.of("a")),
            new HelperRequest.RunInDc(0, List.of("/bin/true"), "", 1_000, 0),
            new HelperRequest.ContainerCall(ContainerEngine.PODMAN, ContainerEngine.Verb.RUN, List.of("a/b:1", "-x", "$(id)"),
            4_096, 1_500, 1_000));

    @Test
    void comesBackAsItWas() {
        for (HelperRequest request : ALL) {
            assertEquals(request, RequestCodec.decode(RequestCodec.encode(request)));
        }
        assertEquals(HelperRequest.class.getPermittedSubclasses().length, ALL.stream().map(Object::getClass).distinct().count());
    }

    @Test
    void isRefusedWhenItIsCutAnywhereOrGoesOn() {
        for (HelperRequest request : ALL) {
            Wire.Frame whole = RequestCodec.encode(request);
            for (int length = 0; length < whole.body().length; length++) {
                Wire.Frame cut = new Wire.Frame(whole.type(), Arrays.copyOf(whole.body(), length));
                assertThrows(IllegalArgumentException.class, () -> RequestCodec.decode(cut), request + " cut at " + length);
            }
            Wire.Frame longer = new Wire.Frame(whole.type(), Arrays.copyOf(whole.body(), whole.body().length + 1));
            assertThrows(IllegalArgumentException.class, () -> RequestCodec.decode(longer), request + " with one more");
        }
        for (int type : new int[] {0, 60, 99, Wire.REPLY, 255}) {
            assertThrows(IllegalArgumentException.class, () -> RequestCodec.decode(new Wire.Frame(type, new byte[0])));
        }
    }

    @Test
    void holdsOnlyFieldsInTheirRange() {
        for (String bad : List.of("..", "a/../b", "/etc", "a//b", "a/", ".hidden", "-x", "a b", "a\u0000", "a;b", "x".repeat(65),
                "1/2/3/4/5/6/7/8/9", "\u00e9")) {
            assertThrows(IllegalArgumentException.class, () -> GroupPath.of(bad), bad);
        }
        for (String bad : List.of("", "max\n+cpu", "-5", "1e3", "max 5")) {
            assertThrows(IllegalArgumentException.class,
                    () -> new HelperRequest.GroupWrite(GroupFile.MEMORY_MAX, GroupPath.of("a"), bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> new HelperRequest.GroupMake("../cpu", GroupPath.of("a")));
        assertThrows(IllegalArgumentException.class, () -> new HelperRequest.SendSignal(0, 1, Signal.TERM));
        assertThrows(IllegalArgumentException.class, () -> new HelperRequest.SendSignal(-1, 1, Signal.TERM));
        assertThrows(IllegalArgumentException.class, () -> new HelperRequest.RunInDc(0, List.of("true"), "", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new HelperRequest.RunInDc(0, List.of("/bin/true", "\0"), "", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new HelperRequest.RunInDc(0, List.of(), "", 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> new HelperRequest.NamespaceMake(NamespaceKind.UTS, 0, "a;b", false, NetLink.NONE, List.of()));
        assertThrows(IllegalArgumentException.class,
                () -> new HelperRequest.NamespaceMake(NamespaceKind.UTS, 0, "", false, new NetLink("a", "", "", ""), List.of()));
        for (String bad : List.of("-x", "a b", "../v0", "v0;id", "x".repeat(16))) {
            assertThrows(IllegalArgumentException.class, () -> new NetLink(bad, "", "", ""), bad);
            assertThrows(IllegalArgumentException.class, () -> new NetLink("a", bad, "", ""), bad);
            assertThrows(IllegalArgumentException.class, () -> new NetLink("a", "b", bad, ""), bad);
            assertThrows(IllegalArgumentException.class, () -> new NetLink("a", "b", "", bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> new NetLink("", "b", "", ""));
        assertThrows(IllegalArgumentException.class, () -> new HelperRequest.NamespaceParents(NamespaceKind.NET));
        assertThrows(IllegalArgumentException.class, () -> new HelperRequest.MountChange("-a", true, false, false, 1));
        assertThrows(IllegalArgumentException.class, () -> new HelperRequest.MountChange("/a\0", true, false, false, 1));
        assertThrows(IllegalArgumentException.class, () -> new HelperRequest.MountChange("/a", true, true, false, 1));
    }

    @Test
    void namesContainersAndImagesThatAreNoOptionsOfTheEngine() {
        for (String bad : List.of("-v", "--privileged", "", "a b", "$(id)", "a;b", "../x", "a\nb")) {
            for (ContainerEngine.Verb verb : ContainerEngine.Verb.values()) {
                assertThrows(IllegalArgumentException.class,
                        () -> new HelperRequest.ContainerCall(ContainerEngine.DOCKER, verb, List.of(bad), 0, 0, 1), verb + " "
                        + bad);
            }
        }
        assertEquals(List.of("/usr/bin/docker", "run", "--detach", "--pull=never", "--security-opt", "no-new-privileges",
                "--memory=4096b",
                "--cpus=1.500", "img", "-v", "/:/x"), Engines.words("/usr/bin/docker",
                new HelperRequest.ContainerCall(ContainerEngine.DOCKER,
                ContainerEngine.Verb.RUN, List.of("img", "-v", "/:/x"), 4_096, 1_500, 1)));
    }

    @Test
    void bringsResultsAndRefusalsBack() throws Exception {
        HelperReply numbers = HelperReply.of(1L, -1L, Long.MAX_VALUE);
        HelperReply ran = HelperReply.of(new CommandResult(3, 0, 17, "out\u00e9", "err", true, false, true));
        assertEquals(numbers, ReplyCodec.decode(ReplyCodec.encode(numbers)));
        assertEquals(ran, ReplyCodec.decode(ReplyCodec.encode(ran)));

        DvsException refusal = assertThrows(DvsException.class,
                () -> ReplyCodec.decode(ReplyCodec.encode(new DvsException(ErrorCode.SRCH, "process 5"))));
        assertEquals(ErrorCode.SRCH, refusal.code());
        assertEquals("process 5", refusal.getMessage());
    }

    @Test
    void isAFrameWithMagicVersionAndABoundedLength() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Wire.write(new DataOutputStream(bytes), 7, new byte[] {1, 2});
        byte[] frame = bytes.toByteArray();
        assertEquals("[68, 86, 83, 72, 1, 7, 0, 0, 0, 2, 1, 2]", Arrays.toString(frame));
        assertNotNull(Wire.read(stream(frame)));
        assertNull(Wire.read(stream(new byte[0])));
        for (int length = 1; length < frame.length; length++) {
            byte[] cut = Arrays.copyOf(frame, length);
            assertThrows(IOException.class, () -> Wire.read(stream(cut)), "cut at " + length);
        }
        for (int at : new int[] {0, 1, 2, 3, 4, 6}) {
            byte[] broken = frame.clone();
            broken[at] ^= 0x40;
            assertThrows(IOException.class, () -> Wire.read(stream(broken)), "changed at " + at);
        }
    }

    private static DataInputStream stream(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }
}
