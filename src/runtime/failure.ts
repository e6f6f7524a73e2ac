/**
 * A failure that was foreseen: its message tells the person what happened and what to do about it, and its code
 * stays the same from version to version. Any other error is a defect and keeps its stack.
 */
export class Failure extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Failure'
    this.code = code
  }
}
