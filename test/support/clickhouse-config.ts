// Prints the engine's view of server settings as JSON. Like a server, the engine reads config.xml
// and config.d in its working directory. Argument: the questions, as a JSON array.
import { createClient } from '@clickhouse/client'
import { createChdbConnection } from 'chdb/connection'

const connection = createChdbConnection({ path: `${process.cwd()}/data` })
const client = createClient({
  connection: connection as unknown as NonNullable<Parameters<typeof createClient>[0]>['connection'] & object,
})
const answers: unknown[] = []
for (const query of JSON.parse(process.argv[2] ?? '[]') as string[])
  answers.push(await (await client.query({ query, format: 'JSONCompactEachRow' })).json())
process.stdout.write(`${JSON.stringify(answers)}\n`, () => process.exit(0))
