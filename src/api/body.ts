import { isUtf8 } from 'node:buffer'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { RequestError } from './error.ts'
import type { App } from './typed-app.ts'

/**
 * Reads and checks JSON bodies as they are. Only parameters of an address are converted from text: in a body, `"5"` is
 * no number, and `null` is not false.
 */
export function strictBodies(app: App): void {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => parseJson(body),
  )
  app.addHook('onRoute', (route) => {
    const { body } = route.schema ?? {}
    if (body !== undefined) route.validatorCompiler ??= () => checkerOf(body as TSchema)
  })
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new RequestError(400, 'not_json', 'The body is empty.')
  if (!isUtf8(body)) throw new RequestError(400, 'not_utf8', 'The body is not UTF-8 text.')
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new RequestError(400, 'not_json', 'The body is not JSON.')
  }
}

function checkerOf(schema: TSchema) {
  const compiled = Compile(schema)
  return (value: unknown) =>
    compiled.Check(value) ? { value } : { error: refusal(compiled.Errors(value) as readonly SchemaError[]) }
}

/** An error of the validator, in the shape that JSON Schema validators share. */
interface SchemaError {
  keyword: string
  instancePath: string
  params: object
  message: string
}

function refusal(errors: readonly SchemaError[]): RequestError {
  const unknown = errors.find(({ keyword }) => keyword === 'additionalProperties')
  if (unknown !== undefined) {
    const [name = ''] = (unknown.params as { additionalProperties: string[] }).additionalProperties
    return new RequestError(400, 'invalid_parameter', `${name} is not a parameter here.`, name)
  }
  const [first] = errors
  if (first === undefined) return new RequestError(400, 'invalid_parameter', 'The body is not valid.')
  const { requiredProperties, allowedValues } = first.params as Record<string, string[] | undefined>
  const path = first.instancePath.split('/').filter((part) => part !== '' && !/^\d+$/.test(part))
  const field = requiredProperties?.[0] ?? path.at(-1)
  if (requiredProperties !== undefined)
    return new RequestError(400, 'invalid_parameter', `${field} is missing.`, field)
  const alternatives = errors.filter(
    ({ keyword, instancePath }) => keyword === 'type' && instancePath === first.instancePath,
  )
  const types = alternatives.map(({ params }) => (params as { type: string }).type)
  const rule = first.keyword === 'type' ? `must be ${types.join(' or ')}` : first.message
  const allowed = allowedValues === undefined ? '' : `: ${allowedValues.join(', ')}`
  return new RequestError(400, 'invalid_parameter', `${field ?? 'The body'} ${rule}${allowed}.`, field)
}
