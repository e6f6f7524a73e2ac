import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Failure } from '../../runtime/failure.ts'
import type { Variable } from '../../settings/connect.ts'
import { eventSchema } from './event-schema.ts'
import { listenTransforms } from './rules.ts'

const FOLDER = fileURLToPath(new URL('../../../connect/', import.meta.url))

/** A connector of Kafka Connect, as its file in `connect/` describes it. */
export interface Connector {
  name: string
  config: Record<string, string>
  /** What the configuration refers to as `${env:…}`, with values. Only these does the worker give to connectors. */
  environment: Record<string, string>
  /** Says what to do about an error of the connector. */
  adviceOn(error: string): string | null
}

/**
 * Reads the description of a connector, and fills in what all of them have in common: the topic, its schema and rules, and
 * where to put what does not fit them.
 * @param variable where the values of its `environment` are looked for; one that ends in `_FILE` names a file instead
 * @throws Failure BAD_SETTING when there is no such connector, or a value is missing
 */
export async function readConnector(
  name: string,
  { topic, variable }: { topic: string; variable: Variable },
): Promise<Connector> {
  const known = (await readdir(FOLDER)).flatMap((file) => /^([a-z0-9-]+)\.json$/.exec(file)?.[1] ?? [])
  if (!known.includes(name))
    throw new Failure(
      'BAD_SETTING',
      `There is no connector "${name.slice(0, 60)}". Connectors, by their files in connect/: ${known.join(', ')}.`,
    )
  const described = JSON.parse(await readFile(`${FOLDER}${name}.json`, 'utf8')) as {
    environment: string[]
    troubles: Record<string, string>
    config: Record<string, string>
  }
  const advice = Object.entries(described.troubles).map(
    ([pattern, text]) => [new RegExp(pattern, 'i'), text] as const,
  )
  return {
    name,
    config: {
      topics: topic,
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': 'true',
      'value.converter.schema.content': JSON.stringify(eventSchema()),
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': `${topic}.connect.dlq`,
      'errors.deadletterqueue.topic.replication.factor': '-1',
      'errors.deadletterqueue.context.headers.enable': 'true',
      ...described.config,
      ...listenTransforms(described.config['transforms']),
      name,
    },
    environment: Object.fromEntries(
      described.environment.map((needed) => [needed, givenValue(needed, name, variable)]),
    ),
    adviceOn: (error) => advice.find(([pattern]) => pattern.test(error))?.[1] ?? null,
  }
}

function givenValue(needed: string, connector: string, variable: Variable): string {
  const given = variable(needed)
  if (given !== undefined && given !== '') return given
  const file = variable(`${needed}_FILE`)
  if (file === undefined || file === '')
    throw new Failure(
      'BAD_SETTING',
      `The connector ${connector} needs ${needed}, or ${needed}_FILE with a file that holds it.`,
    )
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Failure('BAD_SETTING', `The file of ${needed}_FILE cannot be read.`, { cause: error })
  }
}
