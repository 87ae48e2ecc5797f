package org.dvs.helper.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import org.dvs.helper.api.ContainerEngine;
import org.dvs.helper.api.GroupFile;
import org.dvs.helper.api.GroupPath;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.ContainerCall;
import org.dvs.helper.api.HelperRequest.DcForget;
import org.dvs.helper.api.HelperRequest.DcsKept;
import org.dvs.helper.api.HelperRequest.GroupEnable;
import org.dvs.helper.api.HelperRequest.GroupForget;
import org.dvs.helper.api.HelperRequest.GroupMake;
import org.dvs.helper.api.HelperRequest.GroupPlace;
import org.dvs.helper.api.HelperRequest.GroupRemove;
import org.dvs.helper.api.HelperRequest.GroupWrite;
import org.dvs.helper.api.HelperRequest.MountChange;
import org.dvs.helper.api.HelperRequest.NamespaceMake;
import org.dvs.helper.api.HelperRequest.NamespaceParents;
import org.dvs.helper.api.HelperRequest.NamespaceRelease;
import org.dvs.helper.api.HelperRequest.NamespacesOf;
import org.dvs.helper.api.HelperRequest.NetClear;
import org.dvs.helper.api.HelperRequest.NetProbe;
import org.dvs.helper.api.HelperRequest.NetSet;
import org.dvs.helper.api.HelperRequest.NetShow;
import org.dvs.helper.api.HelperRequest.Ping;
import org.dvs.helper.api.HelperRequest.RunBeside;
import org.dvs.helper.api.HelperRequest.RunInDc;
import org.dvs.helper.api.HelperRequest.SendSignal;
import org.dvs.helper.api.NetLimit;
import org.dvs.helper.api.NetLink;
import org.dvs.helper.api.Signal;
import org.dvs.procfs.NamespaceKind;

/** Requests as bytes: fields in the order of the record's components, one type number for each record. */
final class RequestCodec {
    private static final int PING = 1;
    private static final int SIGNAL = 2;
    private static final int GROUP_MAKE = 3;
    private static final int GROUP_WRITE = 4;
    private static final int GROUP_PLACE = 5;
    private static final int GROUP_ENABLE = 6;
    private static final int GROUP_REMOVE = 7;
    private static final int NAMESPACE_MAKE = 8;
    private static final int NAMESPACE_RELEASE = 9;
    private static final int NAMESPACES_OF = 10;
    private static final int RUN_BESIDE = 11;
    private static final int RUN_IN_DC = 12;
    private static final int CONTAINER_CALL = 13;
    private static final int NET_PROBE = 14;
    private static final int NET_SET = 15;
    private static final int NET_CLEAR = 16;
    private static final int NET_SHOW = 17;
    private static final int NAMESPACE_PARENTS = 18;
    private static final int DCS_KEPT = 19;
    private static final int DC_FORGET = 20;
    private static final int MOUNT_CHANGE = 21;
    private static final int GROUP_FORGET = 22;

    private RequestCodec() {
    }

    static Wire.Frame encode(HelperRequest request) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            int type = write(request, out);
            return new Wire.Frame(type, bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("into memory", e);
        }
    }

    private static int write(HelperRequest request, DataOutputStream out) throws IOException {
        if (request instanceof SendSignal signal) {
            process(out, signal.pid(), signal.start());
            out.writeByte(signal.signal().ordinal());
            return SIGNAL;
        } else if (request instanceof GroupMake make) {
            Wire.text(out, make.controller());
            Wire.text(out, make.path().toString());
            return GROUP_MAKE;
        } else if (request instanceof GroupWrite write) {
            out.writeByte(write.file().ordinal());
            Wire.text(out, write.path().toString());
            Wire.text(out, write.value());
            return GROUP_WRITE;
        } else if (request instanceof GroupPlace place) {
            Wire.text(out, place.controller());
            Wire.text(out, place.path().toString());
            process(out, place.pid(), place.start());
            return GROUP_PLACE;
        } else if (request instanceof GroupEnable enable) {
            Wire.text(out, enable.controller());
            Wire.text(out, enable.path().toString());
            out.writeBoolean(enable.on());
            return GROUP_ENABLE;
        } else if (request instanceof GroupRemove remove) {
            Wire.text(out, remove.path().toString());
            return GROUP_REMOVE;
        } else if (request instanceof GroupForget forget) {
            Wire.text(out, forget.path().toString());
            return GROUP_FORGET;
        } else if (request instanceof NamespaceMake make) {
            out.writeByte(make.kind().ordinal());
            out.writeInt(make.dcid());
            Wire.text(out, make.hostName());
            out.writeBoolean(make.shared());
            Wire.text(out, make.link().device());
            Wire.text(out, make.link().peer());
            Wire.text(out, make.link().address());
            Wire.text(out, make.link().peerAddress());
            Wire.texts(out, make.argv());
            return NAMESPACE_MAKE;
        } else if (request instanceof NamespaceRelease release) {
            out.writeInt(release.dcid());
            return NAMESPACE_RELEASE;
        } else if (request instanceof NamespacesOf of) {
            out.writeInt(of.dcid());
            return NAMESPACES_OF;
        } else if (request instanceof RunBeside run) {
            out.writeByte(run.kind().ordinal());
            process(out, run.pid(), run.start());
            Wire.texts(out, run.argv());
            out.writeInt(run.timeoutMs());
            out.writeInt(run.maxOutput());
            return RUN_BESIDE;
        } else if (request instanceof RunInDc run) {
            out.writeInt(run.dcid());
            Wire.texts(out, run.argv());
            Wire.text(out, run.stdin());
            out.writeInt(run.timeoutMs());
            out.writeInt(run.maxOutput());
            return RUN_IN_DC;
        } else if (request instanceof ContainerCall call) {
            out.writeByte(call.engine().ordinal());
            out.writeByte(call.verb().ordinal());
            Wire.texts(out, call.operands());
            out.writeLong(call.memory());
            out.writeInt(call.milliCpus());
            out.writeInt(call.timeoutMs());
            return CONTAINER_CALL;
        } else if (request instanceof NetProbe) {
            return NET_PROBE;
        } else if (request instanceof NetSet set) {
            Wire.text(out, set.path().toString());
            Wire.text(out, set.device());
            out.writeLong(set.limit().egressBps());
            out.writeLong(set.limit().ingressBps());
            out.writeLong(set.limit().burst());
            out.writeInt(set.limit().priority());
            out.writeLong(set.limit().mark());
            return NET_SET;
        } else if (request instanceof NetClear clear) {
            Wire.text(out, clear.path().toString());
            Wire.text(out, clear.device());
            return NET_CLEAR;
        } else if (request instanceof NetShow show) {
            Wire.text(out, show.path().toString());
            return NET_SHOW;
        } else if (request instanceof NamespaceParents parents) {
            out.writeByte(parents.kind().ordinal());
            return NAMESPACE_PARENTS;
        } else if (request instanceof DcsKept) {
            return DCS_KEPT;
        } else if (request instanceof DcForget forget) {
            out.writeInt(forget.dcid());
            return DC_FORGET;
        } else if (request instanceof MountChange change) {
            Wire.text(out, change.target());
            out.writeBoolean(change.mount());
            out.writeBoolean(change.lazy());
            out.writeBoolean(change.force());
            out.writeInt(change.timeoutMs());
            return MOUNT_CHANGE;
        }
        return PING;
    }

    private static void process(DataOutputStream out, int pid, long start) throws IOException {
        out.writeInt(pid);
        out.writeLong(start);
    }

    /**
     * @throws IllegalArgumentException for an unknown type, a field out of range, or bytes too few or too many
     */
    static HelperRequest decode(Wire.Frame frame) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame.body()))) {
            HelperRequest request = read(frame.type(), in);
            if (in.available() > 0) {
                throw new IllegalArgumentException(in.available() + " bytes too many");
            }
            return request;
        } catch (IOException e) {
            throw new IllegalArgumentException("bytes too few, or a length that is wrong", e);
        }
    }

    private static HelperRequest read(int type, DataInputStream in) throws IOException {
        return switch (type) {
            case PING -> new Ping();
            case SIGNAL -> new SendSignal(in.readInt(), in.readLong(), one(Signal.values(), in));
            case GROUP_MAKE -> new GroupMake(Wire.text(in), GroupPath.of(Wire.text(in)));
            case GROUP_WRITE -> new GroupWrite(one(GroupFile.values(), in), GroupPath.of(Wire.text(in)), Wire.text(in));
            case GROUP_PLACE -> new GroupPlace(Wire.text(in), GroupPath.of(Wire.text(in)), in.readInt(), in.readLong());
            case GROUP_ENABLE -> new GroupEnable(Wire.text(in), GroupPath.of(Wire.text(in)), in.readBoolean());
            case GROUP_REMOVE -> new GroupRemove(GroupPath.of(Wire.text(in)));
            case GROUP_FORGET -> new GroupForget(GroupPath.of(Wire.text(in)));
            case NAMESPACE_MAKE -> new NamespaceMake(one(NamespaceKind.values(), in), in.readInt(), Wire.text(in),
                    in.readBoolean(), new NetLink(Wire.text(in), Wire.text(in), Wire.text(in), Wire.text(in)), Wire.texts(in));
            case NAMESPACE_RELEASE -> new NamespaceRelease(in.readInt());
            case NAMESPACES_OF -> new NamespacesOf(in.readInt());
            case RUN_BESIDE -> new RunBeside(one(NamespaceKind.values(), in), in.readInt(), in.readLong(), Wire.texts(in),
                    in.readInt(),
                    in.readInt());
            case RUN_IN_DC -> new RunInDc(in.readInt(), Wire.texts(in), Wire.text(in), in.readInt(), in.readInt());
            case CONTAINER_CALL -> new ContainerCall(one(ContainerEngine.values(), in), one(ContainerEngine.Verb.values(), in),
                    Wire.texts(in),
                    in.readLong(), in.readInt(), in.readInt());
            case NET_PROBE -> new NetProbe();
            case NET_SET -> new NetSet(GroupPath.of(Wire.text(in)), Wire.text(in),
                    new NetLimit(in.readLong(), in.readLong(), in.readLong(), in.readInt(), in.readLong()));
            case NET_CLEAR -> new NetClear(GroupPath.of(Wire.text(in)), Wire.text(in));
            case NET_SHOW -> new NetShow(GroupPath.of(Wire.text(in)));
            case NAMESPACE_PARENTS -> new NamespaceParents(one(NamespaceKind.values(), in));
            case DCS_KEPT -> new DcsKept();
            case DC_FORGET -> new DcForget(in.readInt());
            case MOUNT_CHANGE -> new MountChange(Wire.text(in), in.readBoolean(), in.readBoolean(), in.readBoolean(),
                    in.readInt());
            default -> throw new IllegalArgumentException("no request has number " + type);
        };
    }

    private static <T> T one(T[] values, DataInputStream in) throws IOException {
        int index = in.readUnsignedByte();
        if (index >= values.length) {
            throw new IllegalArgumentException("there is no choice " + index);
        }
        return values[index];
    }
}
