#!/usr/bin/env node
/** Runs the command line. Everything it can do is in `cli/program.ts`. */
import { processContext } from './cli/process.ts'
import { run } from './cli/run.ts'

process.exitCode = await run(process.argv.slice(2), processContext())
