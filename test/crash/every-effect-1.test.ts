import { everyEffect } from './every-effect.contract.ts'

// To die after an effect is to die before the next.
everyEffect('the main life', ['dies before', 'dies during', 'fails before', 'fails after'])
everyEffect('changed rules and a directory that moves', ['dies before', 'dies during', 'fails after'])
