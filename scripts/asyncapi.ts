// Generates docs/asyncapi.yaml (AsyncAPI 3.0) and docs/listen.schema.json from the code that reads and
// writes the topics. Tests fail if the files are out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { ONCE_HEADER, REDRIVEN_FROM_HEADER } from '../src/kafka/once.ts'
import {
  deadLetterTopic,
  LARGEST_DEAD_LETTER,
  LARGEST_RECORD,
  PARTITIONS,
  REPORT_TOPIC_SETTINGS,
} from '../src/kafka/topics.ts'
import { CLOUD_EVENT_TYPE } from '../src/listen/cloud-event.ts'
import { type JsonSchema, listenJsonSchema, listenJsonSchemaDocument } from '../src/listen/json-schema.ts'
import { MAX_LENGTH } from '../src/listen/max-length.ts'
import { REASONS } from '../src/listen/reason.ts'
import { ReportSchema, reportTopic } from '../src/outputs/status/report.ts'
import { DEAD_LETTER_HEADERS } from '../src/pipeline/dead-letter.ts'
import { event } from '../test/support/event.ts'

const TOPIC = 'music-streams'
const PACKAGE = new URL('../package.json', import.meta.url)
/** Paths of the two documents. */
export const ASYNC_API_FILE = new URL('../docs/asyncapi.yaml', import.meta.url)
export const JSON_SCHEMA_FILE = new URL('../docs/listen.schema.json', import.meta.url)

const text = (description: string, more: JsonSchema = {}) => ({ type: 'string', description, ...more })
const ref = (path: string) => ({ $ref: `#/${path}` })
const WHOLE = '^\\d+$'
const PLACE = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/\\d+/\\d+$'

const LISTEN_HEADERS: JsonSchema = {
  type: 'object',
  description: 'All are optional, and others are allowed.',
  properties: {
    [ONCE_HEADER]: text('Of all records with the same once key, only one is stored'),
    [REDRIVEN_FROM_HEADER]: text('Source of the dead letter that this is a copy of', { pattern: PLACE }),
    ce_specversion: text('CloudEvents, binary content mode; KAFKA_CLOUDEVENTS=on adds these', {
      const: '1.0',
    }),
    ce_id: text('The same for all copies of one event', { minLength: 1 }),
    ce_source: text('Sender, such as /playhead/api', { minLength: 1 }),
    ce_type: text(`${CLOUD_EVENT_TYPE} for what Playhead sends`, { minLength: 1 }),
    ce_time: text('When the play began', { format: 'date-time' }),
    'content-type': text('application/json'),
  },
}

const DEAD_LETTER: JsonSchema = {
  type: 'object',
  description: 'The headers of the source record, and these.',
  required: [
    DEAD_LETTER_HEADERS.topic,
    DEAD_LETTER_HEADERS.partition,
    DEAD_LETTER_HEADERS.offset,
    DEAD_LETTER_HEADERS.timestamp,
    DEAD_LETTER_HEADERS.reason,
    DEAD_LETTER_HEADERS.message,
    DEAD_LETTER_HEADERS.failedAt,
  ],
  properties: {
    [DEAD_LETTER_HEADERS.topic]: text('Topic of the source record'),
    [DEAD_LETTER_HEADERS.partition]: text('Its partition', { pattern: WHOLE }),
    [DEAD_LETTER_HEADERS.offset]: text('Its offset', { pattern: WHOLE }),
    [DEAD_LETTER_HEADERS.timestamp]: text('Its timestamp, in milliseconds since 1970', {
      pattern: '^-?[0-9]+$',
    }),
    [DEAD_LETTER_HEADERS.key]: text('Its key, where it had one'),
    [DEAD_LETTER_HEADERS.reason]: text('Why it was refused', { enum: Object.keys(REASONS) }),
    [DEAD_LETTER_HEADERS.field]: text('The field at fault, such as location.city, if there is one'),
    [DEAD_LETTER_HEADERS.message]: text('Explanation in one sentence'),
    [DEAD_LETTER_HEADERS.failedAt]: text('Time of failure, in milliseconds since 1970', { pattern: WHOLE }),
    [DEAD_LETTER_HEADERS.tombstone]: text('Set if the record had no value', { const: 'true' }),
    [DEAD_LETTER_HEADERS.lastOffset]: text('Last offset of a batch that cannot be read', { pattern: WHOLE }),
    [DEAD_LETTER_HEADERS.truncated]: text('Set if the copy is truncated', { const: 'true' }),
    [DEAD_LETTER_HEADERS.valueBytes]: text('Bytes of the complete value of a truncated copy', {
      pattern: WHOLE,
    }),
    [DEAD_LETTER_HEADERS.valueSha256]: text('SHA-256 of that value', { pattern: '^[0-9a-f]{64}$' }),
    [DEAD_LETTER_HEADERS.headerCount]: text('Number of headers of the record, if its copy is truncated', {
      pattern: WHOLE,
    }),
  },
}

const bindings = (kafka: Record<string, unknown>) => ({ kafka: { ...kafka, bindingVersion: '0.5.0' } })
const GROUP = {
  groupId: text('playhead- and the id of the store', { pattern: '^playhead-[0-9a-f]{8}$' }),
}

/** The topics as an AsyncAPI document; operations are those of Playhead. */
export function asyncApiDocument(): Record<string, unknown> {
  const { version, description } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as Record<string, string>
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Playhead',
      version,
      description: `${description}\n\nA record on ${TOPIC} is one listen. Records that cannot be stored go to ${deadLetterTopic(TOPIC)} with unchanged bytes and the reason in headers.`,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: 'localhost:9092',
        protocol: 'kafka',
        description: 'The broker that `npm start` starts; KAFKA_BROKERS selects others',
      },
    },
    channels: {
      listens: {
        address: TOPIC,
        title: 'Listening events',
        description: 'KAFKA_TOPIC changes the name.',
        messages: { listen: ref('components/messages/listen') },
        bindings: bindings({
          partitions: PARTITIONS,
          topicConfiguration: { 'max.message.bytes': LARGEST_RECORD },
        }),
      },
      deadLetters: {
        address: deadLetterTopic(TOPIC),
        title: 'Dead letters',
        messages: { deadLetter: ref('components/messages/deadLetter') },
        bindings: bindings({
          partitions: PARTITIONS,
          topicConfiguration: { 'cleanup.policy': ['compact'], 'max.message.bytes': LARGEST_DEAD_LETTER },
        }),
      },
      systems: {
        address: reportTopic(TOPIC),
        title: 'Status of outputs',
        description: 'Exists only if a process fills an output.',
        messages: { system: ref('components/messages/system') },
        bindings: bindings({
          partitions: 1,
          topicConfiguration: {
            ...REPORT_TOPIC_SETTINGS,
            'cleanup.policy': REPORT_TOPIC_SETTINGS['cleanup.policy'].split(','),
          },
        }),
      },
    },
    operations: {
      sendListen: {
        action: 'send',
        channel: ref('channels/listens'),
        summary: 'Listens from the form, the API and the simulator; any other producer can send them too',
        messages: [ref('channels/listens/messages/listen')],
      },
      storeListen: {
        action: 'receive',
        channel: ref('channels/listens'),
        summary: 'The pipeline stores each listen exactly once',
        messages: [ref('channels/listens/messages/listen')],
        bindings: bindings(GROUP),
      },
      sendDeadLetter: {
        action: 'send',
        channel: ref('channels/deadLetters'),
        summary: 'The pipeline writes records that it cannot store',
        messages: [ref('channels/deadLetters/messages/deadLetter')],
      },
      tellSystem: {
        action: 'send',
        channel: ref('channels/systems'),
        summary: 'Each process with outputs reports their status every few seconds',
        messages: [ref('channels/systems/messages/system')],
      },
      showSystem: {
        action: 'receive',
        channel: ref('channels/systems'),
        summary: 'The page shows the outputs of all processes',
        messages: [ref('channels/systems/messages/system')],
      },
    },
    components: {
      messages: {
        listen: {
          name: 'listen',
          title: 'One play of one track',
          contentType: 'application/json',
          headers: ref('components/schemas/listenHeaders'),
          payload: ref('components/schemas/listen'),
          bindings: bindings({
            key: text(
              'The listener (user_id), which keeps the order of their listens; other keys, or none, are allowed',
              {
                maxLength: MAX_LENGTH.user_id,
              },
            ),
          }),
          examples: [{ name: 'all fields', payload: event({ timestamp: 1_764_000_000 }) }],
        },
        deadLetter: {
          name: 'deadLetter',
          title: 'Dead letter',
          description: 'The value of the source record, unchanged.',
          contentType: 'application/octet-stream',
          headers: ref('components/schemas/deadLetterHeaders'),
          bindings: bindings({
            key: text('Topic id, partition and offset of the source record', { pattern: PLACE }),
          }),
        },
        system: {
          name: 'system',
          title: 'Status of an output in one process',
          description: 'No value means that the process has ended.',
          contentType: 'application/json',
          payload: ref('components/schemas/system'),
          bindings: bindings({ key: text('Id of the process and name of the output') }),
        },
      },
      schemas: {
        listen: listenJsonSchema(),
        listenHeaders: LISTEN_HEADERS,
        deadLetterHeaders: DEAD_LETTER,
        system: JSON.parse(JSON.stringify(ReportSchema)),
      },
    },
  }
}

/** The text of docs/asyncapi.yaml. */
export function asyncApiText(): string {
  const note =
    ' Made by scripts/asyncapi.ts of the code that reads and writes the topics: change that, then run it again.'
  return `#${note}\n${stringify(asyncApiDocument(), { lineWidth: 120, aliasDuplicateObjects: false })}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(ASYNC_API_FILE, asyncApiText())
  writeFileSync(JSON_SCHEMA_FILE, `${JSON.stringify(listenJsonSchemaDocument(), null, 2)}\n`)
}
