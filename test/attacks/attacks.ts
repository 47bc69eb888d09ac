/**
 * How approval systems get bypassed, one entry a class, and on which surfaces each is tried here. Tests cite the ids;
 * `attacks.test.ts` fails on a class that is not tried on a surface it can come in by, on a citation that is none, and on
 * a planned one that has come without anybody saying so.
 */
export interface Attack {
  readonly mechanism: string
  /** Public advisories and issues in which it was seen. */
  readonly seenIn: string
  /** Where it must be tried. */
  readonly triedOn: readonly Surface[]
  /** Which part of the product brings the surface that is missing; only while no test tries it there. */
  readonly planned?: Readonly<Partial<Record<Surface, string>>>
}

/** `core`: the rules alone. `whole`: engine and store on a real database. The others: one room each. */
export type Surface = 'core' | 'whole' | 'connectors' | 'identity' | 'log' | 'api' | 'cli' | 'mcp' | 'pages'

/** Folders whose tests try a surface. */
export const surfaces: Readonly<Record<Surface, readonly string[]>> = {
  core: ['src/core/'],
  whole: ['src/engine/', 'src/store/', 'test/attacks/', 'test/crash/', 'test/simulator/'],
  connectors: ['src/connectors/'],
  identity: ['src/identity/'],
  log: ['src/log/'],
  api: ['src/api/', 'test/api/'],
  cli: ['src/cli/', 'test/cli/'],
  mcp: ['src/mcp/', 'test/mcp/'],
  pages: ['test/browser/'],
}

export const attacks: Readonly<Record<string, Attack>> = {
  B01: {
    mechanism: 'the requester approves through another door, or sends who approved, what status, when decided',
    seenIn: 'CVE-2025-1969, CVE-2025-11957',
    triedOn: ['core', 'whole', 'api', 'cli'],
  },
  B02: {
    mechanism: 'the same person by another name: second account, alias, spelling, a service account, a delegate',
    seenIn: 'CVE-2021-41802, CVE-2025-6013',
    triedOn: ['core', 'whole', 'connectors', 'identity'],
  },
  B03: {
    mechanism: 'one person fills several steps, or is exempt by a role',
    seenIn: 'OpenBao, hoop',
    triedOn: ['core', 'whole'],
  },
  B04: {
    mechanism: 'the same side approves: team mate, rota, reporting line',
    seenIn: 'jit-access, AWS TEAM',
    triedOn: ['core', 'whole', 'api', 'pages'],
  },
  B05: {
    mechanism: 'the granting side approves: target owner, connector operator, author of the rule',
    seenIn: 'GHSA-76cc-p55w-63g3',
    triedOn: ['core', 'whole', 'api'],
  },
  B06: {
    mechanism: 'empty means all: no approvers, no approvals needed, no policy, no scope',
    seenIn: 'OpenBao #3666, CVE-2026-43574',
    triedOn: ['core', 'whole', 'api'],
  },
  B07: {
    mechanism: 'something else fails and the request goes through',
    seenIn: 'k8s-breakglass',
    triedOn: ['core', 'whole', 'connectors', 'identity', 'api'],
  },
  B08: {
    mechanism: 'stale eligibility: the approver left, moved, or joined a minute ago',
    seenIn: 'jit-groups #145, JumpServer #7128',
    triedOn: ['core', 'whole', 'api'],
  },
  B09: {
    mechanism: 'changed after approval: request, target, contents of a role, rules',
    seenIn: 'CVE-2023-4812, CVE-2025-54136',
    triedOn: ['core', 'whole', 'connectors'],
  },
  B10: {
    mechanism: 'replay: an approval, a token, a click used twice; a retry that makes two grants',
    seenIn: 'sso-elevator #47',
    triedOn: ['core', 'whole', 'connectors', 'api'],
  },
  B11: {
    mechanism: 'late: a decision after the deadline, activation after the end, an end that only a sweep notices',
    seenIn: 'k8s-breakglass',
    triedOn: ['core', 'whole', 'identity'],
  },
  B12: {
    mechanism: 'races: expire against withdraw, two approvals at once, approve against change, two processes',
    seenIn: 'CVE-2025-1568, CVE-2017-16857',
    triedOn: ['whole', 'connectors', 'api', 'pages'],
  },
  B13: {
    mechanism: 'confused names: the same name elsewhere, homoglyphs, a slash or a glob in a name',
    seenIn: 'OpenBao #3815, CVE-2026-5006',
    triedOn: ['core', 'whole', 'connectors', 'identity', 'api', 'cli'],
  },
  B14: {
    mechanism: 'mass assignment: unknown fields are taken, the client supplies settings',
    seenIn: 'CVE-2026-110804',
    triedOn: ['whole', 'api'],
  },
  B15: {
    mechanism: 'side doors: batch, retry, import, superuser, odd content types',
    seenIn: 'CVE-2026-3130, CVE-2025-32442',
    triedOn: ['whole', 'api', 'cli'],
  },
  B16: {
    mechanism: 'a button without identity: links by GET, scanners, forged or replayed callbacks',
    seenIn: 'CVE-2026-35630',
    triedOn: ['identity', 'api', 'cli', 'pages'],
  },
  B17: {
    mechanism: 'what you see is not what you sign: truncation, invisible characters, markup in a reason',
    seenIn: 'GHSA-xww8-gqvh-92x9, CVE-2021-42574',
    triedOn: ['core', 'whole', 'api', 'cli', 'pages'],
  },
  B18: {
    mechanism: 'extension by stealth: overlap, filing again, renewal after lapse, chains of short grants, salami',
    seenIn: 'estuary/flow #3115',
    triedOn: ['core', 'whole'],
  },
  B19: {
    mechanism: 'revoked on paper: a session, another grant or residue survives; another grant’s end removes this one',
    seenIn: 'AWS TEAM #195 #279 #398, Teleport #62578',
    triedOn: ['whole', 'connectors'],
  },
  B20: {
    mechanism:
      'the record: dropped, rewritten, refusals never written, the clock turned back, a rule switched off and on',
    seenIn: 'k8s-breakglass, gitlab #38051',
    triedOn: ['core', 'whole', 'log', 'api'],
  },
  B21: {
    mechanism: 'a ring: you approve mine, I approve yours; around three or four people',
    seenIn: 'reasoned, no public case found',
    triedOn: ['core', 'whole'],
  },
  B22: {
    mechanism: 'an agent approves its own request, or a chain of delegation hides who asks',
    seenIn: 'CVE-2026-28473, CVE-2025-53773',
    triedOn: ['core', 'whole', 'identity', 'api', 'cli', 'mcp'],
  },
  B23: {
    mechanism: 'whoever operates the log: rows edited, a tail cut off, an old backup, two views for two readers',
    seenIn: 'transparency log incidents of 2022 and 2024',
    triedOn: ['whole', 'log'],
  },
}
