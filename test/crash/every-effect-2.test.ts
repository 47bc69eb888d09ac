import { everyEffect } from './every-effect.contract.ts'

everyEffect('more time, suspension and resumption', ['dies before', 'dies during', 'fails after'])
everyEffect('changed rules and a directory that moves', ['dies before', 'dies during', 'fails before', 'fails after'])
