/** What else this person may do now. Each act says what will happen before it is done. */
import type { WaiverDetail } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { useNow } from '../time/clock.ts'
import { Moment } from '../time/moment.tsx'
import { lengthWords, secondsBetween } from '../time/words.ts'
import { ActForm } from './act-form.tsx'
import style from './acts.module.css'
import { ExtensionForm } from './extension-form.tsx'
import { OpenEnvelope } from './open-envelope.tsx'

export function Acts({ detail }: { readonly detail: WaiverDetail }) {
  const { control } = useCatalogue()
  const { waiver, standing } = detail
  const may = (act: string) => standing.acts.some((one) => one.act === act && one.may)
  const offered = [
    'activate',
    'answer',
    'evidence',
    'use',
    'request-extension',
    'request-resumption',
    'suspend',
    'withdraw',
    'revoke',
  ]
  if (!offered.some(may)) return null
  const { id, controls } = waiver
  return (
    <section className={style.acts} aria-label="What you may do">
      {may('activate') && <Start detail={detail} />}
      {may('answer') && (
        <ActForm
          waiver={id}
          title="Answer"
          label="Your answer"
          says="The oldest open question is answered. Whoever decides sees it."
          open
          send={(text, idempotencyKey) => api.answer(id, { text }, { idempotencyKey })}
        />
      )}
      {may('evidence') &&
        controls.map(({ control: name, dueAt }) => (
          <ActForm
            key={name}
            waiver={id}
            title={`Give evidence: ${control(name)}`}
            label="What shows that it was kept"
            says={
              dueAt === undefined ? (
                'Evidence stays on the record.'
              ) : (
                <>
                  Due by <Moment at={dueAt} />. Missed,{' '}
                  {waiver.obligations.missedControl === 'suspend' ? 'the access is suspended.' : 'it is reported.'}
                </>
              )
            }
            send={(text, idempotencyKey) => api.giveEvidence(id, { control: name, text }, { idempotencyKey })}
          />
        ))}
      {may('use') && waiver.terms.conditions.usesMax !== undefined && (
        <ActForm
          waiver={id}
          title="Record a use"
          label="What it was used for"
          says={`Use ${waiver.usesCount + 1} of ${waiver.terms.conditions.usesMax}. After the last one the access ends.`}
          send={(detailOfUse, idempotencyKey) => api.use(id, { detail: detailOfUse }, { idempotencyKey })}
        />
      )}
      {may('request-extension') && <ExtensionForm detail={detail} />}
      {may('request-resumption') && (
        <ActForm
          waiver={id}
          title="Ask that it goes on"
          label="Why it may go on"
          says="Somebody from outside countersigns that. The end does not move."
          send={(reason, idempotencyKey) => api.requestResumption(id, { reason }, { idempotencyKey })}
        />
      )}
      {may('suspend') && (
        <ActForm
          waiver={id}
          title="Suspend"
          label="Why"
          says="The access is removed now and open sessions are ended. It goes on only by a new countersignature; the end does not move."
          danger
          send={(reason, idempotencyKey) => api.suspend(id, { reason }, { idempotencyKey })}
        />
      )}
      {may('withdraw') && (
        <ActForm
          waiver={id}
          title="Withdraw"
          label="Why it is no longer needed"
          says="The request ends here. Nothing was given."
          danger
          send={(reason, idempotencyKey) => api.withdraw(id, { reason }, { idempotencyKey })}
        />
      )}
      {may('revoke') && !may('withdraw') && (
        <ActForm
          waiver={id}
          title="End it now"
          label="Why it ends now"
          says={
            waiver.activation === undefined
              ? 'The waiver ends for good. Nothing was given.'
              : 'The access is removed, open sessions are ended, and the target is read back. It cannot be taken up again.'
          }
          danger
          send={(reason, idempotencyKey) => api.revoke(id, { reason }, { idempotencyKey })}
        />
      )}
    </section>
  )
}

function Start({ detail }: { readonly detail: WaiverDetail }) {
  const now = useNow(5_000)
  const { waiver } = detail
  const { end } = waiver.terms.window
  if (waiver.terms.kind === 'break-glass') return <OpenEnvelope detail={detail} />
  return (
    <ActForm
      waiver={waiver.id}
      title="Start the access"
      says={
        <>
          The access is given on the target now, for {lengthWords(secondsBetween(now, end))}, and ends by itself{' '}
          <Moment at={end} />.
        </>
      }
      open
      send={(_text, idempotencyKey) => api.activate(waiver.id, { idempotencyKey })}
    />
  )
}
