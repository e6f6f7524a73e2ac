import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonIn } from './broker-log.ts'

test("names the last error and the exception under it, without the exception's frames", () => {
  const log = [
    '2026-01-02T03:04:05,678 ERROR Log: an earlier trouble',
    '2026-01-02T03:04:06,000 INFO KafkaRaftServer: starting',
    '2026-01-02T03:04:06,100 ERROR Kafka$: Exiting Kafka due to fatal exception',
    'java.lang.RuntimeException: Stored node id 2 does not match',
    '\tat kafka.Kafka$.main(Kafka.scala:1)',
    '\t... 3 more',
    '2026-01-02T03:04:06,200 INFO AppInfoParser: unregistered',
  ].join('\n')
  assert.equal(
    reasonIn(log, ''),
    'Kafka$: Exiting Kafka due to fatal exception java.lang.RuntimeException: Stored node id 2 does not match',
  )
})

test('names what Java printed when Kafka never came to log', () => {
  assert.equal(
    reasonIn('', 'Error: Could not find or load main class kafka.Kafka\n\tat x.y\nCaused by: z\n'),
    'Error: Could not find or load main class kafka.Kafka Caused by: z',
  )
})

test('falls back to the last lines, and says so when there are none', () => {
  const log = ['one', 'two', 'three', 'four']
    .map((word) => `2026-01-02T03:04:05,678 INFO Kafka: ${word}`)
    .join('\n')
  assert.equal(reasonIn(log, ''), 'Kafka: two Kafka: three Kafka: four')
  assert.equal(reasonIn('', ''), 'it said nothing')
})
