/**
 * The one aggregate: what a waiver is (`waiver/state.ts`), what can be asked of it (`waiver/command.ts`) and what can happen
 * to it (`waiver/event.ts`). `decide.ts` says what follows from a command, `evolve.ts` what an event changes.
 */
export type { Actor, Command, CommandType } from './waiver/command.ts'
export type { EventOf, EventType, FactsReference, WaiverEvent } from './waiver/event.ts'
export {
  type ActRecord,
  actsCount,
  type ControlState,
  type Denial,
  type EndCause,
  type EventId,
  eventId,
  type Finding,
  isLive,
  isOpen,
  type JudgedBy,
  type Proposal,
  type Question,
  type RecordedUses,
  type Removal,
  type Signature,
  type Status,
  systemActor,
  type UseLine,
  type Waiver,
  type WaiverId,
} from './waiver/state.ts'
