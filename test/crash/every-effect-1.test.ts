import { fates } from '../simulator/schedule.ts'
import { everyEffect } from './every-effect.contract.ts'

everyEffect('the main life', fates)
everyEffect('an envelope', ['dies before', 'dies during', 'fails after'])
