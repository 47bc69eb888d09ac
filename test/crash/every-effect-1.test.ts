import { everyEffect } from './every-effect.contract.ts'

everyEffect('the main life', ['dies before', 'dies during', 'fails before', 'fails after'])
