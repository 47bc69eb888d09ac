/**
 * Whom can one be in the sample? The people and workloads of the sample organisation, looked up anew each time, because
 * people join and leave while the demo runs. A name that would mean two of them means none.
 */
import { sampleClientIds } from './clients.ts'

export interface SamplePerson {
  readonly login: string
  readonly name: string
  readonly title?: string
  /** Shown as a heading; people without one come last. */
  readonly team?: string
}

export interface SampleWorkload {
  readonly login: string
  readonly name?: string
}

export interface Cast {
  people(): readonly SamplePerson[]
  workloads(): readonly SampleWorkload[]
  person(login: string): SamplePerson | undefined
  workload(login: string): SampleWorkload | undefined
}

export function castOf(
  people: () => readonly SamplePerson[],
  workloads: () => readonly SampleWorkload[],
  clientIds: readonly string[] = sampleClientIds,
): Cast {
  // INVARIANT: subject names of people, of workloads and of clients never meet, or one could sign in as the other.
  const ambiguous = () => {
    const seen = new Set<string>(clientIds)
    const twice = new Set<string>()
    for (const { login } of [...people(), ...workloads()]) (seen.has(login) ? twice : seen).add(login)
    return twice
  }
  const clear = <Someone extends { readonly login: string }>(everybody: readonly Someone[]) => {
    const twice = ambiguous()
    return everybody.filter(({ login }) => login !== '' && !twice.has(login))
  }
  return {
    people: () => clear(people()),
    workloads: () => clear(workloads()),
    person: (login) => clear(people()).find((one) => one.login === login),
    workload: (login) => clear(workloads()).find((one) => one.login === login),
  }
}
