/** How I stand to this waiver, as a picture. */
import { useQuery } from '@tanstack/react-query'
import { Picture } from '../picture/picture.tsx'
import { Problem } from '../shell/problem.tsx'
import { Card } from './card.tsx'
import style from './difference.module.css'
import { pictureQuery } from './queries.ts'

export function Independence({ id, me }: { readonly id: string; readonly me: string }) {
  const { data, error, refetch } = useQuery(pictureQuery(id))
  return (
    <Card title="Do you stand outside?" says="By the directory of this moment. It is asked again with your decision.">
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined ? <div className={style.waiting} /> : <Picture picture={data} self={data.person === me} />}
    </Card>
  )
}
