/** Asking for access: what is needed on the left, and at once what it takes on the right. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { Me, WaiverView } from '../../src/client/index.ts'
import { meQuery } from '../app/queries.ts'
import { entry, type Rules, useCatalogue } from '../catalogue/catalogue.ts'
import { useKept } from '../decision/kept.ts'
import { Title } from '../shell/title.tsx'
import { waiverQuery } from '../waiver/queries.ts'
import style from './ask.module.css'
import { AskForm } from './ask-form.tsx'
import { Follows } from './follows.tsx'
import { emptyForm, type Form } from './form.ts'
import { likeForm } from './like.ts'
import { Templates } from './templates-field.tsx'
import { usePreview } from './use-preview.ts'

const route = getRouteApi('/ask')

export function AskPage() {
  const { like } = route.useSearch()
  const { data: me } = useQuery(meQuery)
  const { rules } = useCatalogue()
  const before = useQuery({ ...waiverQuery(like ?? ''), enabled: like !== undefined })
  const waits = me === undefined || rules === undefined || (like !== undefined && before.isLoading)
  if (waits) return <div className={style.waiting} aria-busy="true" />
  return <Page key={like ?? ''} me={me} rules={rules} like={before.data?.waiver} />
}

function Page({ me, rules, like }: { readonly me: Me; readonly rules: Rules; readonly like: WaiverView | undefined }) {
  const navigate = useNavigate()
  const initial = like === undefined ? emptyForm(me.id) : likeForm(like, me)
  const [form, setForm, forget] = useKept<Form>(`asking ${me.id} ${like?.id ?? ''}`, initial)
  const { preview, problem, later } = usePreview(form, rules, me.id)
  const entitlement = entry(entry(rules.systems, form.system)?.entitlements, form.entitlement)
  return (
    <div className={style.page}>
      <Title
        name="Ask"
        says="For a time, for exactly what you need. Somebody who stands outside decides, and it ends by itself."
      />
      <div className={style.columns}>
        <div className={style.form}>
          <Templates me={me.id} form={form} use={setForm} />
          <AskForm
            me={me}
            rules={rules}
            form={form}
            entitlement={entitlement}
            preview={preview}
            change={setForm}
            asked={(id) => {
              forget()
              void navigate({ to: '/waivers/$waiver', params: { waiver: id } })
            }}
          />
        </div>
        <aside className={style.side}>
          <Follows preview={preview} problem={problem} later={later} />
        </aside>
      </div>
    </div>
  )
}
