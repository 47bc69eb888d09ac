/** Which of somebody's accounts it is for. Nobody chooses for them among several, and where there is none, that is said. */
import { Inert } from '../text/inert.tsx'
import { Choice, Choices } from './choices.tsx'

export function AccountField({
  accounts,
  account,
  change,
}: {
  readonly accounts: readonly string[]
  readonly account: string
  readonly change: (account: string) => void
}) {
  return (
    <Choices legend="On which account?" quiet>
      {accounts.map((one) => (
        <Choice key={one} group="account" chosen={account === one} change={() => change(one)}>
          <code>
            <Inert text={one} />
          </code>
        </Choice>
      ))}
    </Choices>
  )
}
