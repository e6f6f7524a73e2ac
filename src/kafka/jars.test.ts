import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mavenFailure } from './jars.ts'

test('says that the network is at fault when Maven cannot reach its repository', () => {
  const reasons = [
    'Could not transfer artifact a:b:pom:1 from/to central: transfer failed: Connect to proxy failed: Connection refused',
    'Could not resolve a:b:jar:1: nohost: Unknown host nohost: Name or service not known',
    'Cannot access central in offline mode and the artifact a:b:jar:1 has not been downloaded from it before.',
  ]
  for (const reason of reasons)
    assert.match(
      mavenFailure(`[INFO] Scanning for projects...\n[ERROR] ${reason} -> [Help 1]\n`),
      /Check the network/,
    )
})

test('repeats the first error of any other failure, in one line with the cure', () => {
  const said = mavenFailure(
    '[INFO] Scanning\n[ERROR] \n[ERROR] The disk is full\n[ERROR] Re-run Maven with -X\n',
  )
  assert.match(said, /: The disk is full\. .*KAFKA_BROKERS/)
  assert.doesNotMatch(said, /\n|Re-run/)
})

test('repeats the last line when Maven itself did not come to say an error', () => {
  assert.match(mavenFailure('JAVA_HOME is not defined correctly\n'), /JAVA_HOME is not defined correctly/)
})

test('names what could not be fetched, and advises another Kafka only where that would help', () => {
  const said = mavenFailure('[ERROR] The disk is full\n', 'connect-postgres')
  assert.equal(
    said,
    'The connector postgres could not be fetched, for Maven failed: The disk is full. Start again.',
  )
})
