/**
 * A mapper for the export of an invented ticket system: one line of `tickets.csv` becomes one record. Copy it and change
 * what is different with you; the whole contract is described in docs/audit.md.
 */

/** What was done, in the words of the ticket system, and what that is here. */
const kinds: Record<string, string> = { 'New access': 'granted', Removal: 'removed', Prolonged: 'end-changed' }

export const mapper = {
  name: 'tickets',
  about: 'tickets about access, one a line, as the ticket system exports them',

  // Called once for each file, so that what a mapper remembers ends with it.
  open() {
    return (row: Record<string, string>) => {
      const act = kinds[row.Kind ?? '']
      if (act === undefined) throw new Error(`the kind \`${row.Kind}\` is not known`)
      const [system, entitlement] = (row.Role ?? '').split('/')
      const needsApproval = act !== 'removed'
      return [
        {
          // The export has no offset; the company lives on Central European time, and these months were before summer.
          at: `${row.Closed?.replace(' ', 'T')}+01:00`,
          act,
          change: row.Ticket,
          beneficiary: row.Login,
          system,
          entitlement,
          askedBy: [row['Opened by']],
          // Only `ok` approves. Nothing in the column means that nobody did, since the system always writes it down.
          ...(needsApproval ? { approvedBy: approversIn(row.Approvals ?? '') } : {}),
          // `never` says that there is no end; an empty cell does not say.
          ...(row.Expires === 'never' ? { until: null } : row.Expires === '' ? {} : { until: row.Expires }),
          reason: row.Justification === '' ? null : row.Justification,
          reference: row.Ticket,
        },
      ]
    }
  },
}

function approversIn(cell: string): string[] {
  return [...cell.matchAll(/(\S+) \(ok\)/g)].map(([, name = '']) => name)
}
