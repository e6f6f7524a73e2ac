import avro from 'avsc'

/** Between blocks a file has 16 bytes of its own. These are always the same ones, so that what is written twice is the same file. */
const SYNC = Buffer.from('playhead iceberg')

/**
 * Records as an Avro object container file (Avro 1.12 specification).
 * @param schema as JSON, written to the file as it is: Iceberg finds its field ids there
 * @param metadata what the head of the file says besides
 */
export async function avroFile(
  schema: object,
  records: readonly object[],
  metadata: Record<string, string>,
): Promise<Buffer> {
  const head = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value)]))
  // The library's types do not know of `metadata`.
  const options = { codec: 'null', syncMarker: SYNC, metadata: head }
  const encoder = new avro.streams.BlockEncoder(schema as avro.Schema, options)
  for (const record of records) encoder.write(record)
  encoder.end()
  const chunks: Buffer[] = []
  for await (const chunk of encoder) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
