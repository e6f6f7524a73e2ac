import { inspect } from 'node:util'

/** A password. Printing, logging and serialising show a placeholder; only {@link reveal} returns it. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '(secret)'
  }

  toJSON(): string {
    return '(secret)'
  }

  [inspect.custom](): string {
    return '(secret)'
  }
}

/** Passwords where addresses have them: `?password=…`, `;pwd=…` and `//user:password@host`. */
const IN_ADDRESSES = [
  [/((?:pass(?:word|wd)?|pwd|secret)=)[^&;\s]+/gi, '$1(secret)'],
  [/(:\/\/[^/\s:@]*:)[^/\s@]+@/g, '$1(secret)@'],
] as const

/** Replaces passwords that are parts of addresses; kafka/log4j2.xml does the same for Java. */
export function maskAddresses(text: string): string {
  return IN_ADDRESSES.reduce((masked, [pattern, placeholder]) => masked.replace(pattern, placeholder), text)
}
