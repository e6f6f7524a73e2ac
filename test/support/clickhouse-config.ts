// Prints what the engine makes of a server's settings, as JSON: it takes them from config.xml and config.d in the folder where
// its process is, as a server does from its own. Argument: the questions, as a JSON array.
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
