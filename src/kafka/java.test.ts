import assert from 'node:assert/strict'
import { test } from 'node:test'
import { javaRelease, javaVersion } from './java.ts'

test('reads the version out of what different Javas print', () => {
  assert.equal(javaVersion('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment'), '17.0.15')
  assert.equal(javaVersion('java version "1.8.0_402"\nJava(TM) SE Runtime'), '1.8.0_402')
  assert.equal(
    javaVersion('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21-ea" 2023-09-19'),
    '21-ea',
  )
})

test('finds no version where Java is only a stub', () => {
  assert.equal(javaVersion('The operation could not be completed. Unable to locate a Java Runtime.'), null)
  assert.equal(javaVersion(''), null)
})

test('names the release of old and new numbering', () => {
  assert.equal(javaRelease('17.0.15'), 17)
  assert.equal(javaRelease('21-ea'), 21)
  assert.equal(javaRelease('25'), 25)
  assert.equal(javaRelease('1.8.0_402'), 8)
  assert.equal(javaRelease('11.0.2+9'), 11)
})
