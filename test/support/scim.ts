/** How a provider's entries are read where a test says nothing else. */
import type { ScimMapping } from '../../src/connectors/directory-scim/facts.ts'

export const mapping: ScimMapping = {
  idPrefix: '',
  accounts: [{ on: 'company', login: 'userName' }],
  confirmed: () => true,
  departments: true,
  externalTypes: ['Guest'],
}
