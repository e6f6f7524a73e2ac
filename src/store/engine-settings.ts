import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../runtime/folder.ts'

/**
 * A column of texts that come again and again is kept as numbers into a dictionary of its part. Left to itself the engine
 * begins a new one after 8,192, and soon each granule has its own: the titles of 50,000 songs take half as much disk again, and six
 * times as long to read. The dictionary is read whole for whatever is asked, if it is for the newest listen, so it must not grow to half
 * a million listeners either (`docs/performance.md`); 65,536 are what two bytes can number.
 */
const DICTIONARY_SETTINGS = {
  low_cardinality_use_single_dictionary_for_part: 1,
  low_cardinality_max_dictionary_size: 65_536,
} as const

/**
 * Writes the settings that the embedded engine has to be started with, because it writes and merges parts by these and
 * not by those of a statement.
 * @param path absolute path of the engine's folder; made if absent
 * @returns arguments for the engine's first connection
 */
export async function engineArguments(path: string): Promise<string[]> {
  await makeFolder(path)
  const file = join(path, 'engine.xml')
  const text = settingsText(file)
  if ((await readFile(file, 'utf8').catch(() => '')) !== text) await writeFile(file, text)
  return [`--config-file=${file}`]
}

/** As the engine reads its users from a file too, this one names itself for that. */
function settingsText(file: string): string {
  const settings = Object.entries(DICTIONARY_SETTINGS).map(
    ([name, value]) => `      <${name}>${value}</${name}>\n`,
  )
  return `<!-- Written by Playhead at each start. -->
<clickhouse>
  <users_config>${escaped(file)}</users_config>
  <profiles>
    <default>
${settings.join('')}    </default>
  </profiles>
  <users>
    <default>
      <no_password/>
      <profile>default</profile>
      <quota>default</quota>
    </default>
  </users>
  <quotas>
    <default/>
  </quotas>
</clickhouse>
`
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string) => text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character)
