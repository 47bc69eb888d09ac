/** A compensating control as the rules call it. */
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Inert } from '../text/inert.tsx'

export function ControlName({ id }: { readonly id: string }) {
  const { control } = useCatalogue()
  return (
    <strong>
      <Inert text={control(id)} />
    </strong>
  )
}
