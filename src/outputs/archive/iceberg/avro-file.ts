import avro from 'avsc'

/** Sync marker between blocks. It is constant, so that a repeated write produces the same file. */
const SYNC = Buffer.from('playhead iceberg')

/**
 * Records as an Avro object container file (Avro 1.12 specification).
 * @param schema JSON, written to the file unchanged because it contains Iceberg's field ids
 * @param metadata additional entries of the file header
 */
export async function avroFile(
  schema: object,
  records: readonly object[],
  metadata: Record<string, string>,
): Promise<Buffer> {
  const head = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value)]))
  // The library's types lack `metadata`.
  const options = { codec: 'null', syncMarker: SYNC, metadata: head }
  const encoder = new avro.streams.BlockEncoder(schema as avro.Schema, options)
  for (const record of records) encoder.write(record)
  encoder.end()
  const chunks: Buffer[] = []
  for await (const chunk of encoder) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
