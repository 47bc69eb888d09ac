/**
 * The only door for the CLI, the MCP tools and the web: one method an operation, typed by the schemas of the API. It
 * returns what the API says, yes or no, as a value; it never decides, never caches and never retries what might happen twice.
 * It runs in browsers, so nothing of Node is imported here.
 */
import type * as access from '../api/schema/access.ts'
import type * as acts from '../api/schema/acts.ts'
import type * as assertion from '../api/schema/assertion.ts'
import type { Behind } from '../api/schema/behind.ts'
import type { Bundle, BundleQuery } from '../api/schema/bundle.ts'
import type * as challenge from '../api/schema/challenge.ts'
import type * as coverage from '../api/schema/coverage.ts'
import type * as directory from '../api/schema/directory.ts'
import type * as drift from '../api/schema/drift.ts'
import type * as duties from '../api/schema/duties.ts'
import type * as event from '../api/schema/event.ts'
import type { EvidenceQuery } from '../api/schema/evidence.ts'
import type * as explain from '../api/schema/explain.ts'
import type * as figures from '../api/schema/figures.ts'
import type * as founding from '../api/schema/founding.ts'
import type * as grant from '../api/schema/grant.ts'
import type * as health from '../api/schema/health.ts'
import type * as hold from '../api/schema/hold.ts'
import type { Inbox } from '../api/schema/inbox.ts'
import type { KilledView, Killing } from '../api/schema/kill.ts'
import type { LogKeys, LogWitnesses } from '../api/schema/log.ts'
import type { Me } from '../api/schema/me.ts'
import type * as passkey from '../api/schema/passkey.ts'
import type { Picture, PictureQuery } from '../api/schema/picture.ts'
import type * as policy from '../api/schema/policy.ts'
import type * as provenance from '../api/schema/provenance.ts'
import type { Removals } from '../api/schema/removals.ts'
import type { Reviews } from '../api/schema/review.ts'
import type * as routing from '../api/schema/routing.ts'
import type * as session from '../api/schema/session.ts'
import type * as standby from '../api/schema/standby.ts'
import type * as waiver from '../api/schema/waiver.ts'
import type * as workload from '../api/schema/workload.ts'
import { type LiveNews, listen } from './live.ts'
import { type Answer, type CallOptions, createSend, type Send, type SendOptions, type WriteOptions } from './send.ts'

export type { Answer, CallOptions, ClientProblem, PageOptions, SendOptions, WriteOptions } from './send.ts'

type Read<Value> = Promise<Answer<Value>>

export type Client = ReturnType<typeof createClient>

/**
 * @example
 * const client = createClient({ baseUrl: 'https://countersign.example', token: () => signIn.accessToken() })
 * const asked = await client.ask({ terms })
 * if (!asked.ok) console.error(asked.problem.code, asked.problem.detail)
 */
export function createClient(options: SendOptions) {
  const send = createSend(options)
  return {
    ...waiverReads(send),
    ...waiverWrites(send),
    ...rules(send),
    ...passkeys(send),
    ...installation(send),
    /** What happens, as it happens, until the stream ends. */
    live: ({ signal }: CallOptions = {}): AsyncGenerator<LiveNews, void> => listen(options, signal),
  }
}

function waiverReads(send: Send) {
  return {
    waivers: (query: waiver.WaiverQuery = {}, call?: CallOptions): Read<waiver.WaiverPage> =>
      send.get('/v1/waivers', query, call),
    waiver: (id: string, call?: CallOptions): Read<waiver.WaiverDetail> => send.get(path`/v1/waivers/${id}`, {}, call),
    events: (id: string, call?: CallOptions): Read<event.Events> => send.get(path`/v1/waivers/${id}/events`, {}, call),
    why: (id: string, call?: CallOptions): Read<event.Why> => send.get(path`/v1/waivers/${id}/why`, {}, call),
    /** With its proof; `spellBundle` of the package's `./proof` writes it as the file that is checked. */
    bundle: (id: string, query: BundleQuery = {}, call?: CallOptions): Read<Bundle> =>
      send.get(path`/v1/waivers/${id}/bundle`, query, call),
    eligible: (id: string, call?: CallOptions): Read<routing.Routing> =>
      send.get(path`/v1/waivers/${id}/eligible`, {}, call),
    /** What whoever decides should see: contents now, earlier waivers, duty rules that break. */
    context: (id: string, call?: CallOptions): Read<routing.Context> =>
      send.get(path`/v1/waivers/${id}/context`, {}, call),
    /** Who asks, who gives, who decides, and every path between them. */
    behind: (id: string, call?: CallOptions): Read<Behind> => send.get(path`/v1/waivers/${id}/behind`, {}, call),
    picture: (id: string, query: PictureQuery = {}, call?: CallOptions): Read<Picture> =>
      send.get(path`/v1/waivers/${id}/picture`, query, call),
    grants: (query: grant.GrantQuery = {}, call?: CallOptions): Read<grant.GrantPage> =>
      send.get('/v1/grants', query, call),
    grant: (id: string, call?: CallOptions): Read<grant.GrantDetail> => send.get(path`/v1/grants/${id}`, {}, call),
    reviews: (query: { readonly limit?: number } = {}, call?: CallOptions): Read<Reviews> =>
      send.get('/v1/reviews', query, call),
    /** Access that should be gone and was not yet seen to be. */
    removals: (query: { readonly limit?: number } = {}, call?: CallOptions): Read<Removals> =>
      send.get('/v1/removals', query, call),
    /** How much was asked for in a period, what came of it, how fast, and what was refused for what. */
    figures: (query: figures.FiguresQuery = {}, call?: CallOptions): Read<figures.FiguresView> =>
      send.get('/v1/figures', query, call),
    /** Evidence of a period, as the file it is. */
    evidence: (query: EvidenceQuery = {}, call?: CallOptions): Read<Uint8Array<ArrayBuffer>> =>
      send.bytes(`/v1/evidence?${new URLSearchParams({ ...query })}`, call),
    /** Who approved for whom in a period. */
    approvals: (query: figures.ApprovalsQuery = {}, call?: CallOptions): Read<figures.ApprovalsView> =>
      send.get('/v1/approvals', query, call),
    /** The runtime check; what an enforcer is told yes to counts as used. */
    evaluate: (body: access.Evaluation, call?: CallOptions): Read<access.DecisionView> =>
      send.post('/access/v1/evaluation', body, call),
    feed: (query: event.FeedQuery = {}, call?: CallOptions): Read<event.FeedPage> => send.get('/v1/feed', query, call),
    records: (query: event.RecordsQuery = {}, call?: CallOptions): Read<event.RecordsPage> =>
      send.get('/v1/records', query, call),
    /** With what opens its leaf, for whoever sees all of it. */
    record: (position: number, call?: CallOptions): Read<event.RecordDetail> =>
      send.get(`/v1/records/${position}`, {}, call),
  }
}

function waiverWrites(send: Send) {
  const act =
    <Body>(noun: string) =>
    (id: string, body: Body, call?: WriteOptions): Read<waiver.Written> =>
      send.post(path`/v1/waivers/${id}/` + noun, body, call)
  return {
    ask: (body: acts.Ask, call?: WriteOptions): Read<waiver.Written> => send.post('/v1/waivers', body, call),
    preview: (body: routing.PreviewOf, call?: WriteOptions): Read<routing.Preview> =>
      send.post('/v1/waivers/preview', body, call),
    endorse: act<acts.Endorsement>('endorsement'),
    countersign: act<acts.Countersignature>('countersignature'),
    deny: act<acts.Denial>('denial'),
    askBack: act<acts.Question>('questions'),
    answer: act<acts.Answer>('answers'),
    withdraw: act<acts.Withdrawal>('withdrawal'),
    /** Mostly there is nothing to say; whoever opens an envelope may have to name one of their accounts. */
    activate: (id: string, call?: WriteOptions, body: acts.Activation = {}): Read<waiver.Written> =>
      send.post(path`/v1/waivers/${id}/activation`, body, call),
    use: act<acts.Use>('uses'),
    requestExtension: act<acts.Extension>('extensions'),
    giveEvidence: act<acts.Evidence>('evidence'),
    suspend: act<acts.Suspension>('suspension'),
    requestResumption: act<acts.Resumption>('resumptions'),
    revoke: act<acts.Revocation>('revocation'),
    review: act<acts.Review>('review'),
    reviewEvent: (id: string, eventId: string, body: acts.EventReview, call?: WriteOptions): Read<waiver.Written> =>
      send.post(path`/v1/waivers/${id}/events/${eventId}/review`, body, call),
    /** Ends every open waiver of an incident, change or ticket. Look at every row of the answer. */
    /** Ends everything of a workload, an owner or a system; answers when no check says yes any more. */
    kill: (body: Killing, call?: WriteOptions): Read<KilledView> => send.post('/v1/kill-switch', body, call),
    closeReference: (reference: string, body: acts.Closure, call?: WriteOptions): Read<acts.Closed> =>
      send.post(path`/v1/references/${reference}/closure`, body, call),
  }
}

function rules(send: Send) {
  const change =
    <Body>(noun: string) =>
    (id: string, body: Body, call?: WriteOptions): Read<policy.ChangeDetail> =>
      send.post(path`/v1/policy/changes/${id}/` + noun, body, call)
  return {
    policy: (call?: CallOptions): Read<policy.PolicyView> => send.get('/v1/policy', {}, call),
    /** To begin a change with. */
    policyText: (call?: CallOptions): Read<policy.PolicyText> => send.get('/v1/policy/files', {}, call),
    /** What each rule did lately. */
    policyActivity: (query: policy.ActivityQuery = {}, call?: CallOptions): Read<policy.PolicyActivity> =>
      send.get('/v1/policy/activity', query, call),
    policyRevision: (digest: string, call?: CallOptions): Read<policy.PolicyView> =>
      send.get(path`/v1/policy/revisions/${digest}`, {}, call),
    checkPolicy: (body: policy.PolicyFiles, call?: WriteOptions): Read<policy.PolicyReport> =>
      send.post('/v1/policy/check', body, call),
    proposeChange: (body: policy.ChangeProposal, call?: WriteOptions): Read<policy.ChangeDetail> =>
      send.post('/v1/policy/changes', body, call),
    changes: (call?: CallOptions): Read<policy.Changes> => send.get('/v1/policy/changes', {}, call),
    change: (id: string, call?: CallOptions): Read<policy.ChangeDetail> =>
      send.get(path`/v1/policy/changes/${id}`, {}, call),
    countersignChange: change<policy.ChangeCountersignature>('countersignature'),
    denyChange: change<policy.ChangeDenial>('denial'),
    withdrawChange: change<policy.ChangeWithdrawal>('withdrawal'),
  }
}

/** Keys that sign decisions. A browser makes them and signs with them; see `src/signature` for what is signed. */
function passkeys(send: Send) {
  return {
    passkeys: (query: passkey.PasskeysQuery = {}, call?: CallOptions): Read<passkey.PasskeyList> =>
      send.get('/v1/passkeys', query, call),
    passkey: (id: string, call?: CallOptions): Read<passkey.PasskeyDetail> =>
      send.get(path`/v1/passkeys/${id}`, {}, call),
    beginEnrolment: (call?: WriteOptions): Read<passkey.Enrolling> => send.post('/v1/passkeys/enrolments', {}, call),
    enrolPasskey: (body: passkey.Enrolment, call?: WriteOptions): Read<passkey.PasskeyDetail> =>
      send.post('/v1/passkeys', body, call),
    showConfirmation: (id: string, body: passkey.Confirmation, call?: WriteOptions): Read<challenge.ChallengeView> =>
      send.post(path`/v1/passkeys/${id}/challenges`, body, call),
    confirmPasskey: (id: string, body: passkey.Confirmation, call?: WriteOptions): Read<passkey.PasskeyDetail> =>
      send.post(path`/v1/passkeys/${id}/confirmation`, body, call),
    removePasskey: (id: string, body: passkey.PasskeyRemoval, call?: WriteOptions): Read<passkey.PasskeyDetail> =>
      send.post(path`/v1/passkeys/${id}/removal`, body, call),
    /** Shows a decision to be signed; whoever may not take it is refused here already. */
    showDecision: (
      waiver: string,
      body: challenge.DecisionToSign,
      call?: WriteOptions,
    ): Read<challenge.ChallengeView> => send.post(path`/v1/waivers/${waiver}/challenges`, body, call),
    challenge: (id: string, call?: CallOptions): Read<challenge.ChallengeView> =>
      send.get(path`/v1/challenges/${id}`, {}, call),
    /** Takes the decision that was shown, with the signature under it. */
    sign: (id: string, body: challenge.PasskeySignature, call?: WriteOptions): Read<challenge.SignedResult> =>
      send.post(path`/v1/challenges/${id}/signature`, body, call),
  }
}

function installation(send: Send) {
  return {
    /** Of this browser; for pages. */
    session: (call?: CallOptions): Read<session.SessionView> => send.get('/session', {}, call),
    signOut: (body: session.SignOut, call?: WriteOptions): Read<session.SignedOut> =>
      send.post('/v1/session/end', body, call),
    me: (call?: CallOptions): Read<Me> => send.get('/v1/me', {}, call),
    /** What waits for whoever asks. */
    inbox: (call?: CallOptions): Read<Inbox> => send.get('/v1/inbox', {}, call),
    directory: (call?: CallOptions): Read<directory.DirectoryView> => send.get('/v1/directory', {}, call),
    /** What drifted on targets, what waivers come to over time, and how much is known. */
    drift: (query: drift.DriftQuery = {}, call?: CallOptions): Read<drift.DriftView> =>
      send.get('/v1/drift', query, call),
    driftFinding: (id: string, call?: CallOptions): Read<drift.DriftDetail> =>
      send.get(path`/v1/drift/${id}`, {}, call),
    reviewDrift: (id: string, body: drift.DriftReview, call?: WriteOptions): Read<drift.DriftDetail> =>
      send.post(path`/v1/drift/${id}/review`, body, call),
    readDriftNow: (body: drift.DriftReading = {}, call?: WriteOptions): Read<drift.DriftReadingAsked> =>
      send.post('/v1/drift/readings', body, call),
    standingAccess: (query: drift.StandingQuery = {}, call?: CallOptions): Read<drift.StandingAccessView> =>
      send.get('/v1/drift/standing', query, call),
    /** Who holds a conflict of duties today. */
    duties: (query: duties.DutiesQuery = {}, call?: CallOptions): Read<duties.DutiesView> =>
      send.get('/v1/duties', query, call),
    dutyHolder: (holder: string, query: duties.DutyHolderQuery = {}, call?: CallOptions): Read<duties.DutyHolderView> =>
      send.get(path`/v1/duties/holders/${holder}`, query, call),
    dutyFixes: (query: duties.DutyFixesQuery = {}, call?: CallOptions): Read<duties.DutyFixesView> =>
      send.get('/v1/duties/fixes', query, call),
    mitigations: (call?: CallOptions): Read<duties.MitigationsView> => send.get('/v1/duties/mitigations', {}, call),
    evidenceMitigation: (
      id: string,
      body: duties.MitigationEvidence,
      call?: WriteOptions,
    ): Read<duties.MitigationEvidenced> => send.post(path`/v1/duties/mitigations/${id}/evidence`, body, call),
    /** Who could decide in the hours ahead. */
    coverage: (query: coverage.CoverageQuery = {}, call?: CallOptions): Read<coverage.CoverageView> =>
      send.get('/v1/coverage', query, call),
    /** Who could decide in the coming hour, and why others could not. */
    standby: (query: standby.StandbyQuery, call?: CallOptions): Read<standby.StandbyView> =>
      send.get('/v1/coverage/standby', { ...query }, call),
    /** How somebody would stand to what the group might ask for now. */
    standbyPicture: (query: standby.StandbyPictureQuery, call?: CallOptions): Read<Picture> =>
      send.get('/v1/coverage/standby/picture', { ...query }, call),
    importDirectory: (call?: WriteOptions): Read<directory.Imported> => send.post('/v1/directory/import', {}, call),
    nodes: (query: directory.NodeQuery, call?: CallOptions): Read<directory.Nodes> =>
      send.get('/v1/directory/nodes', query, call),
    node: (id: string, call?: CallOptions): Read<directory.NodeDetail> =>
      send.get(path`/v1/directory/nodes/${id}`, {}, call),
    explain: (query: explain.ExplainQuery, call?: CallOptions): Read<explain.ExplanationView> =>
      send.get('/v1/directory/explain', { ...query }, call),
    explainPicture: (query: explain.ExplainQuery, call?: CallOptions): Read<Picture> =>
      send.get('/v1/directory/explain/picture', { ...query }, call),
    /** Who says what about somebody, and where sources disagree. */
    provenance: (id: string, call?: CallOptions): Read<provenance.ProvenanceView> =>
      send.get(path`/v1/directory/nodes/${id}/sources`, {}, call),
    /** What reading the sources now would change; writes nothing. */
    diffDirectory: (call?: WriteOptions): Read<provenance.DirectoryDiffView> =>
      send.post('/v1/directory/diff', {}, call),
    holds: (call?: CallOptions): Read<hold.Holds> => send.get('/v1/directory/holds', {}, call),
    hold: (source: string, call?: CallOptions): Read<hold.HoldDetail> =>
      send.get(path`/v1/directory/holds/${source}`, {}, call),
    confirmHold: (source: string, body: hold.HoldConfirmation, call?: WriteOptions): Read<hold.HoldDetail> =>
      send.post(path`/v1/directory/holds/${source}/confirmation`, body, call),
    rejectHold: (source: string, body: hold.HoldRejection, call?: WriteOptions): Read<hold.HoldDetail> =>
      send.post(path`/v1/directory/holds/${source}/rejection`, body, call),
    ownerships: (call?: CallOptions): Read<assertion.Ownerships> => send.get('/v1/directory/ownerships', {}, call),
    proposeOwnership: (body: assertion.OwnershipProposal, call?: WriteOptions): Read<assertion.AssertionDetail> =>
      send.post('/v1/directory/ownerships', body, call),
    confirmOwnership: (
      id: string,
      body: assertion.AssertionConfirmation,
      call?: WriteOptions,
    ): Read<assertion.AssertionDetail> => send.post(path`/v1/directory/ownerships/${id}/confirmation`, body, call),
    rejectOwnership: (
      id: string,
      body: assertion.AssertionEnding,
      call?: WriteOptions,
    ): Read<assertion.AssertionDetail> => send.post(path`/v1/directory/ownerships/${id}/rejection`, body, call),
    endOwnership: (id: string, body: assertion.AssertionEnding, call?: WriteOptions): Read<assertion.AssertionDetail> =>
      send.post(path`/v1/directory/ownerships/${id}/end`, body, call),
    /** Workloads, and who answers for each. */
    workloads: (query: workload.WorkloadQuery = {}, call?: CallOptions): Read<workload.WorkloadPage> =>
      send.get('/v1/workloads', query, call),
    workload: (id: string, call?: CallOptions): Read<workload.WorkloadDetail> =>
      send.get(path`/v1/workloads/${id}`, {}, call),
    links: (call?: CallOptions): Read<assertion.Links> => send.get('/v1/directory/links', {}, call),
    proposeLink: (body: assertion.LinkProposal, call?: WriteOptions): Read<assertion.AssertionDetail> =>
      send.post('/v1/directory/links', body, call),
    confirmLink: (
      id: string,
      body: assertion.AssertionConfirmation,
      call?: WriteOptions,
    ): Read<assertion.AssertionDetail> => send.post(path`/v1/directory/links/${id}/confirmation`, body, call),
    rejectLink: (id: string, body: assertion.AssertionEnding, call?: WriteOptions): Read<assertion.AssertionDetail> =>
      send.post(path`/v1/directory/links/${id}/rejection`, body, call),
    endLink: (id: string, body: assertion.AssertionEnding, call?: WriteOptions): Read<assertion.AssertionDetail> =>
      send.post(path`/v1/directory/links/${id}/end`, body, call),
    founding: (call?: CallOptions): Read<founding.FoundingView> => send.get('/v1/founding', {}, call),
    acceptFounding: (body: founding.Acceptance, call?: WriteOptions): Read<founding.FoundingView> =>
      send.post('/v1/founding/acceptances', body, call),
    confirmClock: (call?: WriteOptions): Read<founding.FoundingView> =>
      send.post('/v1/founding/clock-confirmations', {}, call),
    alive: (call?: CallOptions): Read<health.Alive> => send.get('/healthz', {}, call),
    /** A signed note, as text. */
    logCheckpoint: async (call?: CallOptions): Read<string> => {
      const given = await send.bytes('/log/checkpoint', call)
      return given.ok ? { ok: true, value: new TextDecoder().decode(given.value) } : given
    },
    /** @param tile its path as in C2SP tlog-tiles, beginning with `tile/` */
    logTile: (tile: string, call?: CallOptions): Read<Uint8Array<ArrayBuffer>> => send.bytes(`/log/${tile}`, call),
    logWitnesses: (call?: CallOptions): Read<LogWitnesses> => send.get('/log/witnesses', {}, call),
    logKeys: (call?: CallOptions): Read<LogKeys> => send.get('/log/keys', {}, call),
    /** Not ready is an answer as well: `status` says which. */
    ready: (call?: CallOptions): Read<health.Ready> => send.get('/readyz', {}, call, [503]),
  }
}

/** Ids are data: whatever stands in one stays inside its own part of the path. */
function path(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return parts.reduce((made, part, index) => made + encodeURIComponent(ids[index - 1] ?? '') + part)
}
