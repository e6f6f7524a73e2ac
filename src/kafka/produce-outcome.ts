import { ResponseError } from '@platformatic/kafka'
import { errorChain } from './refusal.ts'

/** What brokers said about the partitions of a produce request that failed. */
export interface ProduceOutcome {
  /** By accepted partition: the offset of the first record. */
  accepted: Map<number, number>
  /** Partitions whose records are too large together. */
  tooLarge: Set<number>
}

interface Answer {
  responses: { partitionResponses: { index: number; errorCode: number; baseOffset: bigint }[] }[]
}

/** MESSAGE_TOO_LARGE and RECORD_LIST_TOO_LARGE (Kafka protocol, "Error Codes"). */
const TOO_LARGE = new Set([10, 18])

/**
 * Reads the outcome of a produce request from the error of the client. A request covers several partitions, and a broker
 * can accept some of them. A partition that is in neither set has an unknown outcome.
 */
export function produceOutcome(error: unknown): ProduceOutcome {
  const accepted = new Map<number, number>()
  const tooLarge = new Set<number>()
  // Brokers that accepted all of their partitions.
  const { produced } = error as { produced?: { offsets?: { partition: number; offset: bigint }[] } }
  for (const { partition, offset } of produced?.offsets ?? []) accepted.set(partition, Number(offset))
  for (const one of errorChain(error)) {
    if (!(one instanceof ResponseError)) continue
    const { responses = [] } = (one['response'] ?? {}) as Partial<Answer>
    for (const { index, errorCode, baseOffset } of responses.flatMap((topic) => topic.partitionResponses)) {
      // The answer to a repeated request replaces the answer to the first.
      accepted.delete(index)
      tooLarge.delete(index)
      if (errorCode === 0) accepted.set(index, Number(baseOffset))
      else if (TOO_LARGE.has(errorCode)) tooLarge.add(index)
    }
  }
  return { accepted, tooLarge }
}
