// A signal ends a process without its `exit` event, and it is in that event that a broker is stopped whose owner ends
// early. Imported by tests that start a broker in their own process, so that Ctrl-C on a test run leaves none behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
