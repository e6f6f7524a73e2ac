import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/** Reads batches as Kafka's Java consumer does: each with its length before it, from a file. Prints what it finds. */
public class ReadBatches {
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(new java.io.FileOutputStream(args[1]), false);
    try (DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(new FileInputStream(args[0])))) {
      for (int count = in.readInt(); count > 0; count--) {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        try {
          for (RecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            batch.ensureValid();
            try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
              while (records.hasNext()) print(out, records.next());
            }
          }
          out.println("end");
        } catch (Throwable error) {
          out.println("error " + String.valueOf(error).replace('\n', ' '));
        }
      }
    }
    out.flush();
  }

  private static void print(PrintStream out, Record record) {
    StringBuilder line = new StringBuilder("record ");
    line.append(record.offset()).append(' ').append(record.timestamp());
    line.append(' ').append(hex(record.hasKey() ? record.key() : null));
    line.append(' ').append(hex(record.hasValue() ? record.value() : null));
    for (Header header : record.headers()) {
      line.append(' ').append(hex(ByteBuffer.wrap(header.key().getBytes(java.nio.charset.StandardCharsets.UTF_8))));
      line.append('=').append(hex(header.value() == null ? null : ByteBuffer.wrap(header.value())));
    }
    out.println(line);
  }

  private static String hex(ByteBuffer buffer) {
    if (buffer == null) return "null";
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return "'" + HexFormat.of().formatHex(bytes);
  }
}
