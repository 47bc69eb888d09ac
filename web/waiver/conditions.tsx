/**
 * What limits the use, every line of it: a call with its arguments as they are, raw and by exact name, and whatever else
 * the terms say. What is not said here is not limited, and that is said too.
 */
import type { ReactNode } from 'react'
import type { TermsView } from '../../src/client/index.ts'
import { Inert } from '../text/inert.tsx'
import { durationSeconds } from '../time/duration.ts'
import { lengthWords } from '../time/words.ts'
import { Fact } from './card.tsx'
import style from './conditions.module.css'

type Conditions = TermsView['conditions']

export function Conditions({ conditions }: { readonly conditions: Conditions }) {
  const { usesMax, tools = [], arguments: rules = [], argumentsClosed, exclusions = [] } = conditions
  const isCall = tools.length > 0 || rules.length > 0 || argumentsClosed === true
  const limits = limitsIn(conditions)
  return (
    <>
      {isCall && (
        <Fact name="Only this call">
          {tools.map(({ name, digest }) => (
            <p key={name}>
              Tool{' '}
              <code>
                <Inert text={name} />
              </code>
              {digest === undefined ? (
                <span className="soft">, whatever it says of itself by then</span>
              ) : (
                <span className="soft">
                  , as it describes itself now <code className="fine">{digest}</code>
                </span>
              )}
            </p>
          ))}
          <Arguments rules={rules} closed={argumentsClosed === true} />
        </Fact>
      )}
      {exclusions.length > 0 && (
        <Fact name="Never">
          <code>
            <Inert text={exclusions.join(', ')} />
          </code>
        </Fact>
      )}
      {(usesMax !== undefined || limits.length > 0) && (
        <Fact name="At most">
          <ul>
            {usesMax !== undefined && (
              <li>
                <strong>{usesMax}</strong> {usesMax === 1 ? 'use' : 'uses'}
              </li>
            )}
            {limits.map(([key, line]) => (
              <li key={key}>{line}</li>
            ))}
          </ul>
        </Fact>
      )}
    </>
  )
}

type Rule = NonNullable<Conditions['arguments']>[number]

function Arguments({ rules, closed }: { readonly rules: readonly Rule[]; readonly closed: boolean }) {
  return (
    <>
      {rules.length > 0 && (
        <table className={style.arguments}>
          <thead>
            <tr>
              <th scope="col">Argument</th>
              <th scope="col">has to be</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.argument}>
                <th scope="row">
                  <code>
                    <Inert text={rule.argument} />
                  </code>
                </th>
                <td>{ruleWords(rule)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className={closed ? undefined : style.open}>
        {closed ? 'And no other arguments.' : 'Any other arguments may come along.'}
      </p>
    </>
  )
}

/** Values as they are compared: text in quotes, so that `3` and `"3"` look as different as they are. */
function ruleWords(rule: Rule): ReactNode {
  const { oneOf, exactly, startsWith, absent, atLeast, atMost } = rule as {
    readonly oneOf?: readonly unknown[]
    readonly exactly?: readonly unknown[]
    readonly startsWith?: readonly string[]
    readonly absent?: true
    readonly atLeast?: number
    readonly atMost?: number
  }
  if (oneOf !== undefined) return <Raw values={oneOf} />
  if (exactly !== undefined)
    return (
      <>
        exactly <Raw values={exactly} between=", then " />
      </>
    )
  if (startsWith !== undefined)
    return (
      <>
        text that begins with <Raw values={startsWith} />
      </>
    )
  if (absent === true) return 'left out'
  return `a number${atLeast === undefined ? '' : ` from ${atLeast}`}${atMost === undefined ? '' : ` up to ${atMost}`}`
}

function Raw({ values, between = ' or ' }: { readonly values: readonly unknown[]; readonly between?: string }) {
  return values.map((value, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the values of one rule never change places
    <span key={place}>
      {place > 0 && between}
      <code className={style.raw}>
        <Inert text={JSON.stringify(value)} />
      </code>
    </span>
  ))
}

function limitsIn({ rate, bytesMax, delegationDepthMax, hours }: Conditions): readonly (readonly [string, string])[] {
  return [
    ...(rate === undefined ? [] : [['rate', `${rate.usesMax} in ${lengthWords(durationSeconds(rate.per))}`] as const]),
    ...(bytesMax === undefined ? [] : [['bytes', `${bytesMax} bytes`] as const]),
    ...(delegationDepthMax === undefined
      ? []
      : [['delegation', `${delegationDepthMax} may stand behind whoever acts`] as const]),
    ...(hours ?? []).map(
      ({ days, from, to, offset }) =>
        [
          `${days?.join()} ${from} ${to} ${offset}`,
          `${days === undefined ? 'every day' : days.join(', ')} from ${from} to ${to}, UTC${offset}`,
        ] as const,
    ),
  ]
}
