/**
 * The whole command line as one value: every command is registered here, and nothing runs. The documents are made from the
 * same value.
 */
import { Command } from 'commander'
import { packageVersion } from '../lib/package-version.ts'
import { addActivate } from './commands/activate.ts'
import { addAnswer } from './commands/answer.ts'
import { addAsk } from './commands/ask.ts'
import { addAudit } from './commands/audit.ts'
import { addAuditLog } from './commands/audit-log.ts'
import { addBackup } from './commands/backup.ts'
import { addBundle } from './commands/bundle.ts'
import { addClose } from './commands/close.ts'
import { addCountersign } from './commands/countersign.ts'
import { addCoverage } from './commands/coverage.ts'
import { addDemo } from './commands/demo.ts'
import { addDeny } from './commands/deny.ts'
import { addDirectory } from './commands/directory/index.ts'
import { addDoctor } from './commands/doctor.ts'
import { addDrift } from './commands/drift/index.ts'
import { addDuties } from './commands/duties/index.ts'
import { addEligible } from './commands/eligible.ts'
import { addEndorse } from './commands/endorse.ts'
import { addEvidence } from './commands/evidence.ts'
import { addExport } from './commands/export.ts'
import { addExtend } from './commands/extend.ts'
import { addFounding } from './commands/founding/index.ts'
import { addGateway } from './commands/gateway.ts'
import { addGrants } from './commands/grants.ts'
import { addInit } from './commands/init.ts'
import { addKill } from './commands/kill.ts'
import { addList } from './commands/list.ts'
import { addLog } from './commands/log/index.ts'
import { addLogin } from './commands/login.ts'
import { addLogout } from './commands/logout.ts'
import { addMcp } from './commands/mcp.ts'
import { addOversight } from './commands/oversight.ts'
import { addPasskey } from './commands/passkey/index.ts'
import { addPolicy } from './commands/policy/index.ts'
import { addRequest } from './commands/request.ts'
import { addRestore } from './commands/restore.ts'
import { addResume } from './commands/resume.ts'
import { addReview } from './commands/review.ts'
import { addReviews } from './commands/reviews.ts'
import { addRevoke } from './commands/revoke.ts'
import { addServe } from './commands/serve.ts'
import { addShow } from './commands/show.ts'
import { addSuspend } from './commands/suspend.ts'
import { addToken } from './commands/token.ts'
import { addUse } from './commands/use.ts'
import { addVerify } from './commands/verify.ts'
import { addWhoami } from './commands/whoami.ts'
import { addWhy } from './commands/why.ts'
import { addWithdraw } from './commands/withdraw.ts'
import { addWitness } from './commands/witness.ts'
import { addWorkload } from './commands/workload/index.ts'
import type { Context } from './context.ts'
import { exits } from './exit.ts'
import type { Registry } from './perform.ts'
import { serverVariable, tokenVariable } from './session.ts'

type Add = (program: Command, registry: Registry) => void

/** In the order in which somebody new would look for them. */
const groups: readonly (readonly [title: string, adds: readonly Add[]])[] = [
  ['Begin:', [addDemo, addLogin, addLogout, addWhoami, addPasskey]],
  ['Ask:', [addRequest, addAnswer, addWithdraw, addActivate, addUse, addExtend, addEvidence, addResume]],
  ['Look:', [addList, addShow, addEligible, addWhy, addGrants, addReviews]],
  ['Decide (each signed by passkey, or with a sign-in of its own):', [addEndorse, addCountersign, addDeny, addReview]],
  ['Question and end:', [addAsk, addSuspend, addRevoke, addClose, addKill]],
  ['For agents:', [addToken, addMcp, addGateway]],
  ['Look ahead and back:', [addCoverage, addDrift, addOversight, addAudit, addExport]],
  ['Prove:', [addBundle, addVerify, addAuditLog, addWitness]],
  ['Rules and people:', [addPolicy, addDuties, addDirectory, addWorkload, addFounding]],
  ['Operate:', [addInit, addServe, addDoctor, addLog, addBackup, addRestore]],
]

/** @param finished told the exit code of the command that ran */
export function buildProgram(context: Context, finished: (exit: number) => void): Command {
  const program = new Command('countersign')
  const registry: Registry = { context, finished }
  const { out, columns, colours } = context.terminal
  // Inherited by every command that is registered afterwards.
  program
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => columns ?? 100,
      getOutHasColors: () => colours,
    })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true)
    .description(
      'Who may approve this exception, and was it really somebody outside? Independent approval, bounded access, verified removal.',
    )
    .version(packageVersion, '--version', 'print the version')
    .option('--json', 'print exactly one JSON document')
    .option('--server <url>', `the server; otherwise \`${serverVariable}\`, then that of the last login`)
    .option('--as <profile>', 'one of several sign-ins at the same server')
    .helpOption('-h, --help', 'print help')
    .addHelpText(
      'after',
      () =>
        `\n${exitCodesText()}\n\nA pipeline may bring its own token in \`${tokenVariable}\`; it asks, and never decides.`,
    )
  for (const [title, adds] of groups) {
    program.commandsGroup(title)
    for (const add of adds) add(program, registry)
  }
  return program
}

export function exitCodesText(): string {
  const rows = Object.values(exits).map(([code, means]) => `  ${code}  ${means}`)
  return ['Exit codes:', ...rows].join('\n')
}
