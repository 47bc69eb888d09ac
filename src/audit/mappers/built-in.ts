// Mappers that come with the product, by the name that `--mapper` takes.
import type { Mapper } from '../mapper.ts'
import { collaborators } from './collaborators.ts'
import { plain } from './plain.ts'
import { productionRoot } from './production-root.ts'

export const builtInMappers: readonly Mapper[] = [plain, collaborators, productionRoot]
