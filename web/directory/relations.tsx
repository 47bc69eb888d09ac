/** How it stands to others, said from its own side, with every source that states it and those that could and do not. */
import type { NodeDetail, ProvenanceView } from '../../src/client/index.ts'
import type { Names } from '../people/name.tsx'
import { passive } from '../picture/captions.ts'
import { Sign } from '../signs/sign.tsx'
import { Inert } from '../text/inert.tsx'
import { dayWords } from '../time/words.ts'
import { Card } from '../waiver/card.tsx'
import style from './directory.module.css'
import { NodeLink } from './node-link.tsx'

type Stated = ProvenanceView['relations'][number]

export function Relations({
  detail,
  provenance,
}: {
  readonly detail: NodeDetail
  readonly provenance: ProvenanceView | undefined
}) {
  const { id } = detail.node
  if (detail.relations === undefined)
    return (
      <Card title="How it stands to others">
        <p className="soft">
          Shown to those who decide or look back, to those who look after the rules, and to the person it is about.
        </p>
      </Card>
    )
  const stated = provenance?.relations ?? detail.relations.map(alone)
  const groups = Map.groupBy(stated, ({ from, relation, to }) => phrase(relation, from === id ? to : from, from === id))
  const names = { ...detail.names, ...provenance?.names }
  return (
    <Card title="How it stands to others" says="By these relations independence is judged.">
      {groups.size === 0 ? (
        <p className="soft">No source states any relation.</p>
      ) : (
        <dl className={style.relations}>
          {[...groups].sort().map(([words, members]) => (
            <div key={words} className={style.group}>
              <dt>{words}</dt>
              <dd>
                <ul>
                  {members.slice(0, shownMax).map((member) => (
                    <Other
                      key={`${member.from} ${member.to}`}
                      id={member.from === id ? member.to : member.from}
                      stated={member}
                      names={names}
                    />
                  ))}
                  {members.length > shownMax && <li className="soft">and {members.length - shownMax} more</li>}
                </ul>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  )
}

const shownMax = 100

function alone({ from, relation, to, source, since, until, confirmed }: NonNullable<NodeDetail['relations']>[number]) {
  return { from, relation, to, said: [{ source, since, until, confirmed }], silent: [] } as Stated
}

function phrase(relation: string, other: string, active: boolean): string {
  if (active) return relation.replaceAll('-', ' ')
  if (relation === 'member-of') return 'members'
  if (relation === 'belongs-to') return other.startsWith('acc_') ? 'accounts' : 'has the account'
  if (relation === 'reports-to') return 'reports to it'
  if (relation === 'on-rota') return 'on the rota'
  return passive[relation] ?? relation.replaceAll('-', ' ')
}

function Other({
  id,
  stated: { said, silent },
  names,
}: {
  readonly id: string
  readonly stated: Stated
  readonly names: Names
}) {
  const until = said.every((one) => one.until !== undefined)
    ? said
        .map((one) => one.until ?? '')
        .sort()
        .at(-1)
    : undefined
  const since = said.flatMap((one) => one.since ?? []).sort()[0]
  const doubted = said.some(({ confirmed }) => confirmed === false) && !said.some(({ confirmed }) => confirmed === true)
  return (
    <li className={style.other}>
      <NodeLink id={id} names={id.startsWith('acc_') ? { [id]: id.slice('acc_'.length) } : names} />
      {doubted && <Sign is="wait">not confirmed</Sign>}
      {until !== undefined && <Sign is="over">ended {dayWords(until)}, still counts a while</Sign>}
      <span className={style.sayings}>
        <Inert text={said.map(({ source }) => source).join(', ')} />
        {since !== undefined && ` · since ${since.slice(0, 10)}`}
        {silent.length > 0 && (
          <>
            {' · not by '}
            <Inert text={silent.join(', ')} />
          </>
        )}
      </span>
    </li>
  )
}
