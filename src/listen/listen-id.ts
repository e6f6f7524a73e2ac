/** Stable identity of a listen, from the place of its record in Kafka. */
export function listenId(topicId: string, partition: number, offset: number): string {
  return `${topicId.slice(0, 8)}-${partition}-${offset}`
}
