// The door of the client: the function, its type, and the shapes of what it sends and gets.

export type { Ask, Closed, Countersignature } from '../api/schema/acts.ts'
export type { AssertionDetail, AssertionView, Links, Ownerships } from '../api/schema/assertion.ts'
export type { Behind } from '../api/schema/behind.ts'
export type { Bundle, BundleQuery } from '../api/schema/bundle.ts'
export type { ChallengeView, DecisionToSign, PasskeySignature, SignedResult } from '../api/schema/challenge.ts'
export type { ConflictView, ExcludedView, VerdictView } from '../api/schema/conflict.ts'
export type { CoverageQuery, CoverageView } from '../api/schema/coverage.ts'
export type { DirectoryView, Imported, NodeDetail, Nodes, NodeView } from '../api/schema/directory.ts'
export type {
  DriftDetail,
  DriftFindingView,
  DriftQuery,
  DriftReadingAsked,
  DriftTargetView,
  DriftView,
  StandingAccessView,
} from '../api/schema/drift.ts'
export type {
  DutiesView,
  DutyFixesView,
  DutyHolderView,
  MitigationsView,
} from '../api/schema/duties.ts'
export type {
  Events,
  FeedPage,
  RecordDetail,
  RecordedEvent,
  RecordsPage,
  RecordsQuery,
  Why,
} from '../api/schema/event.ts'
export type { ExplanationView } from '../api/schema/explain.ts'
export type { ApprovalsView, FiguresQuery, FiguresView } from '../api/schema/figures.ts'
export type { FoundingView } from '../api/schema/founding.ts'
export type { GrantPage, GrantView } from '../api/schema/grant.ts'
export type { Ready } from '../api/schema/health.ts'
export type { HoldDetail, HoldView } from '../api/schema/hold.ts'
export type { Inbox, InboxItem } from '../api/schema/inbox.ts'
export type { KilledView, Killing } from '../api/schema/kill.ts'
export type { Me } from '../api/schema/me.ts'
export type {
  Enrolling,
  Enrolment,
  PasskeyDetail,
  PasskeyList,
  PasskeysQuery,
  PasskeyView,
} from '../api/schema/passkey.ts'
export type { Picture } from '../api/schema/picture.ts'
export type {
  ChangeDetail,
  Changes,
  ChangeView,
  PolicyActivity,
  PolicyReport,
  PolicyText,
  PolicyView,
} from '../api/schema/policy.ts'
export type { ProblemView } from '../api/schema/problem.ts'
export type { DirectoryDiffView, ProvenanceView } from '../api/schema/provenance.ts'
export type { Removals } from '../api/schema/removals.ts'
export type { Reviews } from '../api/schema/review.ts'
export type { Context, Preview, Routing } from '../api/schema/routing.ts'
export type { SessionView } from '../api/schema/session.ts'
export type { StandbyQuery, StandbyView } from '../api/schema/standby.ts'
export type { AskedTerms, Narrowing, TermsView } from '../api/schema/terms.ts'
export type {
  Act,
  NatureView,
  StandingView,
  WaiverDetail,
  WaiverPage,
  WaiverQuery,
  WaiverView,
  Written,
} from '../api/schema/waiver.ts'
export type { WorkloadDetail, WorkloadPage, WorkloadQuery, WorkloadView } from '../api/schema/workload.ts'
export {
  type Answer,
  type CallOptions,
  type Client,
  type ClientProblem,
  createClient,
  type PageOptions,
  type SendOptions,
  type WriteOptions,
} from './client.ts'
export { type ExchangedToken, type ExchangeOptions, exchangeToken, tokenPath } from './exchange.ts'
export type { LiveNews, LiveRecord } from './live.ts'
export { type WithAccount, withOneAccount } from './one-account.ts'
