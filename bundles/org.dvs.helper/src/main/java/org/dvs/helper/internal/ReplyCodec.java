package org.dvs.helper.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.program.CommandResult;

/** Replies as bytes: what came of a request, or the code and detail of its refusal. */
final class ReplyCodec {
    private ReplyCodec() {
    }

    static Wire.Frame encode(HelperReply reply) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            Wire.numbers(out, reply.numbers());
            Wire.texts(out, reply.texts());
            CommandResult ran = reply.ran();
            out.writeBoolean(ran != null);
            if (ran != null) {
                out.writeInt(ran.exitCode());
                out.writeInt(ran.signal());
                out.writeLong(ran.elapsedMs());
                Wire.text(out, ran.out());
                Wire.text(out, ran.err());
                out.writeBoolean(ran.outTruncated());
                out.writeBoolean(ran.errTruncated());
                out.writeBoolean(ran.overdue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("into memory", e);
        }
        return new Wire.Frame(Wire.REPLY, bytes.toByteArray());
    }

    static Wire.Frame encode(DvsException refusal) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(refusal.code().rcode());
            Wire.text(out, refusal.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("into memory", e);
        }
        return new Wire.Frame(Wire.REFUSED, bytes.toByteArray());
    }

    /**
     * @throws DvsException what the frame says, if it is a refusal
     * @throws IOException  if it is neither
     */
    static HelperReply decode(Wire.Frame frame) throws DvsException, IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame.body()))) {
            if (frame.type() == Wire.REFUSED) {
                int rcode = in.readInt();
                throw new DvsException(ErrorCode.ofRcode(rcode).orElse(ErrorCode.GENERIC), Wire.text(in));
            }
            if (frame.type() != Wire.REPLY) {
                throw new IOException("a frame of type " + frame.type() + " is no reply");
            }
            var numbers = Wire.numbers(in);
            var texts = Wire.texts(in);
            CommandResult ran = in.readBoolean() ? new CommandResult(in.readInt(), in.readInt(), in.readLong(), Wire.text(in),
                    Wire.text(in), in.readBoolean(), in.readBoolean(), in.readBoolean()) : null;
            return new HelperReply(numbers, texts, ran);
        }
    }
}
