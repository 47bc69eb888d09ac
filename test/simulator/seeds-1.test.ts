import { seeds } from './seeds.contract.ts'

seeds(1, 100)
