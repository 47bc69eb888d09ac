import { seeds } from './seeds.contract.ts'

seeds(101, 100)
