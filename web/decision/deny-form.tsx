/** Denying, with a reason: whoever asks for the same next is shown it, and so is whoever decides. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { WaiverDetail } from '../../src/client/index.ts'
import { meQuery } from '../app/queries.ts'
import { WordsField } from '../form/words-field.tsx'
import style from './decision-panel.module.css'
import { useKept } from './kept.ts'
import type { Decider } from './use-decision.ts'

export function DenyForm({
  detail: { waiver },
  decider,
}: {
  readonly detail: WaiverDetail
  readonly decider: Decider
}) {
  const { data: me } = useQuery(meQuery)
  const [reason, setReason, forget] = useKept(`denial ${waiver.id} ${me?.id ?? ''}`, '')
  const { proposal } = waiver
  if (proposal === undefined) return null
  const deny = async () => {
    if ((await decider.decide({ act: 'deny', digest: proposal.digest, reason })) === 'done') forget()
  }
  return (
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault()
        void deny()
      }}
    >
      <WordsField
        label="Why it is denied"
        description="Whoever asks sees it, and whoever is asked for the same next."
        value={reason}
        change={setReason}
        rows={3}
      />
      <Button
        type="submit"
        color="red"
        variant="outline"
        className={style.deny ?? ''}
        loading={decider.outcome.is === 'sending'}
        disabled={reason.trim() === ''}
      >
        {decider.needsSignIn
          ? 'Sign in again to deny'
          : proposal.of === 'waiver'
            ? 'Deny it'
            : proposal.of === 'extension'
              ? 'Deny the extra time'
              : 'Deny that it goes on'}
      </Button>
      <p className="soft fine">
        {proposal.of === 'waiver'
          ? 'The waiver ends here. Nothing is given.'
          : proposal.of === 'extension'
            ? 'The access goes on until the end it has now.'
            : 'It stays suspended: there is no access until it ends.'}
      </p>
    </form>
  )
}
