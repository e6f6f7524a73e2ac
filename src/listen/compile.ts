import type { Field } from './fields.ts'

/**
 * Compiles a function from an expression. Every record passes through such functions, and a loop over the fields takes
 * several times as long as the expression that names them. The expression is made of the table of fields alone, never
 * of anything that was received.
 * @param parameters names of the parameters, with commas between
 */
export function compile<F extends (...given: never[]) => unknown>(parameters: string, expression: string): F {
  return new Function(parameters, `return ${expression}`) as F
}

/** An object literal with fields in their order, those with a dot inside an object. */
export function literal(fields: readonly Field[], expressionOf: (field: Field) => string): string {
  const entries = new Map<string, string[]>()
  for (const field of fields) {
    const [name = '', inner] = field.path.split('.')
    const entry = `${inner ?? name}: ${expressionOf(field)}`
    entries.set(name, [...(entries.get(name) ?? []), entry])
  }
  const isObject = (name: string) => fields.every(({ path }) => path !== name)
  const written = [...entries].map(([name, inner]) =>
    isObject(name) ? `${name}: { ${inner.join(', ')} }` : inner.join(),
  )
  return `{ ${written.join(', ')} }`
}
