import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { mavenJars } from './maven-jars.ts'
import { pythonWithSpark } from './pyspark.ts'
import { pythonWith, runPython } from './python.ts'

/** SQL over the view `listens`, which is the table as it is now, or as it was. */
export interface TableQuestion {
  sql: string
  /** Of this snapshot. */
  snapshot?: number
  /** As the table was at this time, milliseconds since 1970. */
  asOf?: number
}

/** What a reader makes of a table. */
export interface TableReading {
  /** Name and type of each column, in the reader's words. */
  types: [name: string, type: string][]
  /** Those that can be gone back to: number, and milliseconds since 1970. */
  snapshots: [id: number, at: number][]
  /** Rows, by question. */
  answers: Record<string, unknown>[][]
}

/** A program of others that reads Iceberg tables. */
export interface TableReader {
  name: string
  read(location: string, questions: readonly TableQuestion[]): Promise<TableReading>
  /** SQL of a time in milliseconds since 1970. */
  millis(column: string): string
  /** SQL of an ISO 8601 time. */
  time(iso: string): string
  /** What it calls the types of Iceberg. */
  types: Readonly<Record<string, string>>
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** Spark, with Iceberg's own library for it. */
export async function sparkReader(): Promise<TableReader> {
  const python = await pythonWithSpark()
  const jars = await mavenJars('iceberg-pom.xml')
  return {
    name: 'Spark',
    read: (location, questions) =>
      readWith(python, 'iceberg-spark.py', [location, questions], {
        SPARK_LOCAL_IP: '127.0.0.1',
        SPARK_CONF_DIR: here('../../batch/conf'),
        PYSPARK_SUBMIT_ARGS: `--driver-class-path ${jars} pyspark-shell`,
      }),
    millis: (column) => `unix_millis(${column})`,
    time: (iso) => `timestamp'${iso}'`,
    types: {
      string: 'string',
      int: 'int',
      long: 'bigint',
      float: 'float',
      double: 'double',
      boolean: 'boolean',
      timestamptz: 'timestamp',
    },
  }
}

/**
 * DuckDB, with its own extension for Iceberg.
 * @param env where S3 is, for a table there
 */
export async function duckdbReader(env: Record<string, string> = {}): Promise<TableReader> {
  const python = await pythonWith(
    here('iceberg-duckdb-requirements.txt'),
    'DuckDB and its extensions come from PyPI, some 60 MB',
  )
  return {
    name: 'DuckDB',
    read: (location, questions) => readWith(python, 'iceberg-duckdb.py', [location, questions], env),
    millis: (column) => `epoch_ms(${column})`,
    time: (iso) => `timestamptz '${iso}'`,
    types: {
      string: 'VARCHAR',
      int: 'INTEGER',
      long: 'BIGINT',
      float: 'FLOAT',
      double: 'DOUBLE',
      boolean: 'BOOLEAN',
      timestamptz: 'TIMESTAMP WITH TIME ZONE',
    },
  }
}

async function readWith(
  python: string,
  script: string,
  [location, questions]: [string, readonly TableQuestion[]],
  env: Record<string, string>,
): Promise<TableReading> {
  const ended = await runPython(python, here(script), [location, JSON.stringify(questions)], env)
  assert.equal(ended.code, 0, ended.stderr)
  return JSON.parse(ended.stdout) as TableReading
}
