/** How I stand to this waiver, as a picture. */
import { useQuery } from '@tanstack/react-query'
import { Picture } from '../picture/picture.tsx'
import { Problem } from '../shell/problem.tsx'
import { Card } from './card.tsx'
import style from './difference.module.css'
import { pictureQuery } from './queries.ts'

/** @param endorses this person signs for the owner's side, and is expected to stand there */
export function Independence({
  id,
  me,
  endorses,
}: {
  readonly id: string
  readonly me: string
  readonly endorses: boolean
}) {
  const { data, error, refetch } = useQuery(pictureQuery(id))
  return (
    <Card
      title={endorses ? 'Where you stand' : 'Do you stand outside?'}
      says={
        endorses
          ? "You sign for the owner's side, so you need not stand outside; whoever countersigns after you has to."
          : 'By the directory of this moment. It is asked again with your decision.'
      }
    >
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined ? <div className={style.waiting} /> : <Picture picture={data} self={data.person === me} />}
    </Card>
  )
}
