/** Nothing is at this address. */
import { Link } from '@tanstack/react-router'

export function LostPage() {
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        The address may be incomplete. Everything starts at your <Link to="/">inbox</Link>.
      </p>
    </>
  )
}
