/** How long, and from when. Steps instead of dates, none of them longer than the tier allows. */
import { Choice } from '../form/choices.tsx'
import { useNow } from '../time/clock.ts'
import { Moment } from '../time/moment.tsx'
import { lengthWords } from '../time/words.ts'
import style from './ask.module.css'
import type { Form } from './form.ts'

const steps = [900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 259_200] as const

export function TimeField({
  form,
  secondsMax,
  put,
}: {
  readonly form: Form
  readonly secondsMax: number | undefined
  readonly put: (part: Partial<Form>) => void
}) {
  const now = useNow(20_000)
  const envelope = form.kind === 'break-glass'
  const offered = steps.filter((step) => secondsMax === undefined || step <= secondsMax)
  const all = offered.includes(form.seconds as (typeof steps)[number]) ? offered : [...offered, form.seconds]
  const start = form.start === '' ? now : Math.max(now, Date.parse(form.start))
  const tooLong = secondsMax !== undefined && form.seconds > secondsMax
  return (
    <fieldset className={style.part}>
      <legend>{envelope ? 'Once opened, how long?' : 'How long?'}</legend>
      <div className={style.row}>
        {all.map((seconds) => (
          <Choice key={seconds} group="seconds" chosen={form.seconds === seconds} change={() => put({ seconds })}>
            {lengthWords(seconds)}
          </Choice>
        ))}
      </div>
      {tooLong && <p className={style.wrong}>The tier allows at most {lengthWords(secondsMax)}.</p>}
      {envelope ? (
        <label className={style.inline}>
          The envelope stays valid for{' '}
          <input
            type="number"
            min={1}
            max={92}
            value={form.validDays}
            onChange={({ target }) =>
              put({ validDays: Math.min(92, Math.max(1, Math.round(Number(target.value) || 1))) })
            }
          />{' '}
          days
        </label>
      ) : (
        <>
          <label className={style.inline}>
            From{' '}
            <input
              type="datetime-local"
              value={form.start === '' ? '' : localInput(form.start)}
              onChange={({ target }) => put({ start: target.value === '' ? '' : new Date(target.value).toISOString() })}
            />{' '}
            <span className="soft">empty: from now</span>
          </label>
          <p className="soft">
            It would end <Moment at={new Date(start + form.seconds * 1_000).toISOString()} />, by itself.
          </p>
        </>
      )}
    </fieldset>
  )
}

function localInput(at: string): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
