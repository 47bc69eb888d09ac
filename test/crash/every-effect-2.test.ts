import { fates } from '../simulator/schedule.ts'
import { everyEffect } from './every-effect.contract.ts'

everyEffect('an envelope', fates)
everyEffect('more time, suspension and resumption', ['dies during', 'fails after'])
everyEffect('changed rules and a directory that moves', ['dies before', 'dies during', 'fails before'])
