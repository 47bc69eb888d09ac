/** Where in its life a waiver is, in words. */
import type { WaiverView } from '../../src/client/index.ts'
import { Sign, type Standing } from './sign.tsx'

type Life = Pick<WaiverView, 'status' | 'activation' | 'end' | 'removal'>

export function Status({ of }: { readonly of: Life }) {
  const [is, words] = statusOf(of)
  return <Sign is={is}>{words}</Sign>
}

export function statusOf({ status, activation, end, removal }: Life): readonly [Standing, string] {
  switch (status) {
    case 'requested':
      return ['wait', 'Waits for a decision']
    case 'endorsed':
      return ['wait', 'Endorsed, waits for a countersignature']
    case 'countersigned':
      return activation === undefined ? ['wait', 'Countersigned, not started'] : ['wait', 'Being given']
    case 'active':
      return ['live', 'Access is live']
    case 'suspended':
      return ['wait', 'Suspended']
    case 'ended':
      if (removal.state === 'open') return ['bad', 'Ended, removal not yet seen']
      return endings[end?.cause ?? 'expired'] ?? ['over', 'Ended']
    case 'reviewed':
      return ['good', 'Reviewed']
    default:
      return status satisfies never
  }
}

const endings: Readonly<Record<string, readonly [Standing, string]>> = {
  expired: ['over', 'Ended by itself'],
  revoked: ['over', 'Ended early'],
  spent: ['over', 'Used up'],
  denied: ['bad', 'Denied'],
  withdrawn: ['over', 'Withdrawn'],
  lapsed: ['over', 'Nobody decided in time'],
  voided: ['bad', 'Approval void'],
  'not-activated': ['over', 'Never started'],
  'reference-closed': ['over', 'Ended with its incident'],
  deactivated: ['bad', 'Ended: somebody left'],
}
