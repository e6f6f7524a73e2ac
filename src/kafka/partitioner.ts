const SEED = 0x9747b28c | 0
const MULTIPLIER = 0x5bd1e995

/**
 * The number that decides a key's partition, the same as Kafka's own clients get: MurmurHash2 of 32 bits, without its sign
 * (Austin Appleby, "MurmurHash2"; Kafka's `BuiltInPartitioner`). The client's own reckons with BigInt, which
 * took a seventh of all that a flood of simulated events costs.
 * @returns 0 to 2^31 - 1; its remainder by the number of partitions is the partition
 */
export function partitionHash(key: Buffer): number {
  const { length } = key
  const whole = length - (length % 4)
  let hash = SEED ^ length
  for (let at = 0; at < whole; at += 4) {
    let block = Math.imul(key.readInt32LE(at), MULTIPLIER)
    block = Math.imul(block ^ (block >>> 24), MULTIPLIER)
    hash = Math.imul(hash, MULTIPLIER) ^ block
  }
  if (whole < length) hash = Math.imul(hash ^ key.readUIntLE(whole, length - whole), MULTIPLIER)
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER)
  return (hash ^ (hash >>> 15)) & 0x7fffffff
}
