import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  audience,
  bearer,
  type MadeUpIssuer,
  madeUpIssuer,
  now,
  nowSeconds,
  problemIn,
  resolveAccount,
  signingKey,
} from '../made-up-issuer.contract.ts'
import { createTokenVerifier } from '../tokens.ts'
import { type WorkloadTrustInput, workloadTrustSchema } from './config.ts'

let issuer: MadeUpIssuer
beforeAll(async () => {
  issuer = await madeUpIssuer()
})
afterAll(() => issuer.close())

const known = ['wl_reconciler', 'wl_deployer', 'wl_machine', 'wl_planner']

type Written = Record<string, unknown> & Pick<WorkloadTrustInput, 'kind'>

function verifierOf(...configs: Written[]) {
  return createTokenVerifier({
    issuers: [],
    workloads: configs.map((config) =>
      workloadTrustSchema.parse({ key: 'machines', algorithms: ['ES256'], ...config }),
    ),
    audience,
    resolveAccount,
    knowsWorkload: (id) => known.includes(id),
    now,
  })
}

/** None of the marks of a person's token. */
const bare = { client_id: undefined, auth_time: undefined }

async function outcome(config: Written, claims: Record<string, unknown>, header: Record<string, unknown> = {}) {
  const token = await issuer.sign({ ...bare, ...claims }, { typ: 'JWT', ...header })
  return verifierOf({ issuer: issuer.issuer, ...config }).authenticate(bearer(token))
}

const told = async (...asked: Parameters<typeof outcome>) => {
  const answer = await outcome(...asked)
  return 'problem' in answer ? answer.problem : answer.actor
}

const actor = (id: string, chain: string[] = []) => ({ id, chain })

describe('[nhi/least-and-short] a service account of Kubernetes', () => {
  // The claims of the documentation of Kubernetes, with other names.
  const claims = (account: object = {}, more: object = {}) => ({
    sub: 'system:serviceaccount:ledger:reconciler',
    nbf: nowSeconds - 10,
    jti: '0b1c-0001',
    'kubernetes.io': {
      namespace: 'ledger',
      node: { name: 'node-1', uid: '58456cb0-dd00-45ed-b797-5578fdceaced' },
      pod: { name: 'reconciler-778b7c', uid: 'eda32a5c-22a6-4b0f-a3ba-0b5d0a4b0e5f' },
      serviceaccount: { name: 'reconciler', uid: '14ee3fa4-a7e2-420f-9f9a-dbc4507c3798', ...account },
    },
    ...more,
  })
  const rule = { workload: 'wl_reconciler', namespace: 'ledger', serviceAccount: 'reconciler' }
  const config = (more: object = {}): Written => ({ kind: 'kubernetes', rules: [{ ...rule, ...more }] })

  test('is the workload of its rule, with a token that names no type', async () => {
    expect(await told(config(), claims(), { typ: undefined })).toEqual(actor('wl_reconciler'))
  })

  test('is another one when it was made again', async () => {
    const uid = '14ee3fa4-a7e2-420f-9f9a-dbc4507c3798'
    expect(await told(config({ uid }), claims())).toEqual(actor('wl_reconciler'))
    expect(await told(config({ uid }), claims({ uid: 'another' }))).toBe('workload-unmatched')
  })

  test('[B06] is nobody by its subject alone, and not when subject and claim differ', async () => {
    expect(await told(config(), claims({}, { 'kubernetes.io': undefined }))).toBe('workload-unmatched')
    expect(await told(config(), claims({ name: 'other' }))).toBe('token-malformed')
    expect(await told(config(), claims({ name: 'other' }, { sub: 'system:serviceaccount:ledger:other' }))).toBe(
      'workload-unmatched',
    )
  })

  test('[B06] is refused with the audience of the cluster, and with a token that lives too long', async () => {
    expect(await told(config(), claims({}, { aud: ['https://kubernetes.default.svc'] }))).toBe('audience-wrong')
    expect(await told(config(), claims({}, { exp: nowSeconds + 31_536_000 }))).toBe('token-too-long-lived')
    expect(await told(config(), claims({}, { exp: undefined }))).toBe('token-malformed')
  })
})

describe('[nhi/least-and-short] a run of a pipeline', () => {
  // As GitHub documents its tokens, with other names.
  const claims = (more: object = {}) => ({
    sub: 'repo:acme/ledger:environment:production',
    repository: 'acme/ledger',
    repository_id: '74',
    repository_owner: 'acme',
    job_workflow_ref: 'acme/ledger/.github/workflows/deploy.yml@refs/heads/main',
    environment: 'production',
    ref: 'refs/heads/main',
    event_name: 'workflow_dispatch',
    runner_environment: 'github-hosted',
    actor: 'jo',
    ...more,
  })
  const rule = {
    workload: 'wl_deployer',
    repository: 'acme/ledger',
    workflow: 'acme/ledger/.github/workflows/deploy.yml@refs/heads/main',
    environment: 'production',
  }
  const config = (more: object = {}, rules: object[] = [rule]): Written => ({
    kind: 'ci',
    provider: 'github',
    rules,
    ...more,
  })

  test('is the workload that repository, workflow and environment say together', async () => {
    expect(await told(config(), claims())).toEqual(actor('wl_deployer'))
  })

  test.each([
    ['another repository', { repository: 'acme/other' }],
    ['the workflow of a branch', { job_workflow_ref: 'acme/ledger/.github/workflows/deploy.yml@refs/heads/x' }],
    [
      'the workflow of a pull request',
      { job_workflow_ref: 'acme/ledger/.github/workflows/deploy.yml@refs/pull/7/merge' },
    ],
    ['another environment', { environment: 'staging' }],
    ['no environment', { environment: undefined }],
    ['names in other letters', { repository: 'Acme/Ledger' }],
  ])('[B06] is nobody with %s, whatever the subject says', async (_, more) => {
    expect(await told(config(), claims(more))).toBe('workload-unmatched')
  })

  test('has to have every further claim that its rule names, of the same type', async () => {
    const also = { repository_id: '74', runner_environment: 'github-hosted' }
    expect(await told(config({}, [{ ...rule, also }]), claims())).toEqual(actor('wl_deployer'))
    expect(await told(config({}, [{ ...rule, also }]), claims({ repository_id: 74 }))).toBe('workload-unmatched')
    // A further claim does not take the place of one that every rule has.
    const weaker = { ...rule, environment: 'staging', also: { environment: 'production' } }
    expect(await told(config({}, [weaker]), claims())).toBe('workload-unmatched')
  })

  test('[B06] that two rules call differently is nobody', async () => {
    const rules = [rule, { ...rule, workload: 'wl_reconciler' }]
    expect(await told(config({}, rules), claims())).toBe('workload-unmatched')
    expect(await told(config({}, [rule, rule]), claims())).toEqual(actor('wl_deployer'))
  })

  test('[agent/owner-counts] has whoever started it in its chain; somebody unknown stops it', async () => {
    const startedBy = { claim: 'actor', on: 'acme' }
    expect(await told(config({ startedBy }), claims())).toEqual(actor('wl_deployer', ['per_jo']))
    expect(await told(config({ startedBy }), claims({ actor: 'dependabot[bot]' }))).toBe('delegation-unresolved')
    expect(await told(config({ startedBy }), claims({ actor: undefined }))).toBe('workload-unmatched')
  })

  test('may not say who acts for whom', async () => {
    expect(await told(config(), claims({ act: { sub: 'reconciler' } }))).toBe('delegation-unresolved')
  })

  test('is known at GitLab by its own claims, and at another provider by those that are named', async () => {
    const [project_path, ci_config_ref_uri] = [rule.repository, rule.workflow]
    const gitlab = { project_path, ci_config_ref_uri, environment: 'production', sub: 'project_path:acme/ledger' }
    expect(await told(config({ provider: 'gitlab' }), gitlab)).toEqual(actor('wl_deployer'))
    expect(await told(config({ provider: 'gitlab' }), claims())).toBe('workload-unmatched')
    const names = { repository: 'project', workflow: 'file', environment: 'stage' }
    const other = { project: rule.repository, file: rule.workflow, stage: 'production' }
    expect(await told(config({ provider: 'other', claims: names }), other)).toEqual(actor('wl_deployer'))
    expect(
      workloadTrustSchema.safeParse({ key: 'x', issuer: 'https://x.example', ...config({ provider: 'other' }) })
        .success,
    ).toBe(false)
  })

  test('cannot be known by a rule that leaves one of the three out', () => {
    for (const left of ['repository', 'workflow', 'environment']) {
      const rules = [{ ...rule, [left]: undefined }]
      expect(
        workloadTrustSchema.safeParse({ key: 'x', issuer: 'https://x.example', ...config({}, rules) }).success,
      ).toBe(false)
    }
  })
})

describe('[nhi/least-and-short] a workload with a SPIFFE ID', () => {
  const id = 'spiffe://acme.example/ns/ledger/sa/reconciler'
  const rules = [{ workload: 'wl_reconciler', id }]
  const bundle = (uses: readonly (string | undefined)[] = ['jwt-svid']) => ({
    keys: uses.map((use) => ({ ...issuer.key.publicJwk, use })),
  })
  const config = (jwks: object = bundle(), more: object = {}): Written => ({
    kind: 'spiffe',
    issuer: undefined,
    trustDomain: 'acme.example',
    jwks,
    rules,
    ...more,
  })
  const claims = (more: object = {}) => ({ iss: undefined, sub: id, ...more })

  test('is the workload of its rule, by keys that the bundle marks as those of tokens', async () => {
    for (const typ of ['JWT', 'JOSE', undefined])
      expect(await told(config(), claims(), { typ })).toEqual(actor('wl_reconciler'))
    expect(await told(config(), claims({ iat: undefined }))).toEqual(actor('wl_reconciler'))
    expect(await told(config(), claims({ iss: 'https://spire.example' }))).toEqual(actor('wl_reconciler'))
    const bundleOfBoth = { keys: [{ ...(await signingKey('key-1')).publicJwk, use: 'x509-svid' }, ...bundle().keys] }
    expect(await told(config(bundleOfBoth), claims())).toEqual(actor('wl_reconciler'))
  })

  test('[B06] is not believed by a key of certificates, nor by one without a mark', async () => {
    for (const use of ['x509-svid', 'sig', undefined])
      expect(await told(config(bundle([use])), claims())).toBe('key-unknown')
  })

  test.each([
    ['of another trust domain', 'spiffe://acme.example.evil/ns/ledger/sa/reconciler', 'issuer-unknown'],
    ['that is longer', `${id}/x`, 'workload-unmatched'],
    ['with a query', `${id}?x`, 'issuer-unknown'],
    ['that is only the domain', 'spiffe://acme.example', 'issuer-unknown'],
  ])('[B06] is nobody with an id %s', async (_, sub, problem) => {
    expect(await told(config(), claims({ sub }))).toBe(problem)
  })

  test('[B06] has to name our audience, and end soon', async () => {
    expect(await told(config(), claims({ aud: ['spiffe://acme.example/other'] }))).toBe('audience-wrong')
    expect(await told(config(), claims({ iat: undefined, exp: nowSeconds + 7_300 }))).toBe('token-too-long-lived')
  })

  test('needs the bundle of its domain in the configuration', () => {
    const written = { key: 'mesh', kind: 'spiffe', trustDomain: 'acme.example', rules }
    expect(workloadTrustSchema.safeParse(written).success).toBe(false)
    const strange = [{ workload: 'wl_reconciler', id: 'spiffe://other.example/x' }]
    const jwksFile = '/keys'
    expect(workloadTrustSchema.safeParse({ ...written, jwksFile }).success).toBe(true)
    expect(workloadTrustSchema.safeParse({ ...written, jwksFile, rules: strange }).success).toBe(false)
  })
})

describe('[nhi/least-and-short] a client of an issuer of machines', () => {
  const rules = [
    { workload: 'wl_machine', client: 'machine-1' },
    { workload: 'wl_planner', client: 'planner', subject: 'service:planner' },
  ]
  const config = (more: object = {}): Written => ({ kind: 'clients', rules, ...more })
  const header = { typ: 'at+jwt' }

  test('is the workload of its rule', async () => {
    expect(await told(config(), { client_id: 'machine-1', sub: 'machine-1' }, header)).toEqual(actor('wl_machine'))
    expect(await told(config(), { client_id: 'planner', sub: 'service:planner' }, header)).toEqual(actor('wl_planner'))
  })

  test('[B06] is nobody by its subject alone, or by its client alone', async () => {
    expect(await told(config(), { sub: 'machine-1' }, header)).toBe('workload-unmatched')
    expect(await told(config(), { client_id: 'machine-1', sub: 'maria' }, header)).toBe('workload-unmatched')
    expect(await told(config(), { client_id: 'planner', sub: 'planner' }, header)).toBe('workload-unmatched')
    expect(await told(config(), { client_id: 'machine-1', sub: 'machine-1' })).toBe('token-of-other-type')
  })

  test('[agent/owner-counts] has everybody in its chain, each by the rules of the issuer that names them', async () => {
    const act = { sub: 'machine-1', act: { sub: 'service:planner' } }
    const token = { client_id: 'planner', sub: 'service:planner', act }
    expect(await told(config(), token, header)).toEqual(actor('wl_machine', ['wl_planner', 'wl_planner']))
    expect(await told(config(), { ...token, act: { sub: 'stranger' } }, header)).toBe('delegation-unresolved')
    expect(await told(config(), { ...token, act: { iss: 'https://else.example', sub: 'machine-1' } }, header)).toBe(
      'delegation-unresolved',
    )
  })
})

test('[fail/closed] a rule for a workload that the directory does not have, or that nobody can ask for, names nobody', async () => {
  const token = await issuer.sign({ ...bare, client_id: 'c', sub: 'c' })
  const workload = { key: 'm', issuer: issuer.issuer, kind: 'clients' as const }
  const written = workloadTrustSchema.parse({ ...workload, rules: [{ workload: 'wl_gone', client: 'c' }] })
  const options = { issuers: [], workloads: [written], audience, resolveAccount, now }
  const asked = (knowsWorkload?: () => boolean | undefined) =>
    createTokenVerifier({ ...options, ...(knowsWorkload === undefined ? {} : { knowsWorkload }) }).authenticate(
      bearer(token),
    )
  expect(problemIn(await asked(() => true))).toBeUndefined()
  expect(problemIn(await asked(() => false))).toBe('account-unknown')
  expect(problemIn(await asked(() => undefined))).toBe('directory-unavailable')
  expect(problemIn(await asked())).toBe('directory-unavailable')
})
