// A signal ends a process without its `exit` event, which stops the broker of a test. Tests that
// start a broker in their own process import this file, so that Ctrl-C leaves no broker running.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
