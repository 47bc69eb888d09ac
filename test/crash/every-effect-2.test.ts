import { everyEffect } from './every-effect.contract.ts'

everyEffect('signed decisions', ['dies before', 'dies during', 'fails before', 'fails after'], true)
everyEffect('decisions at the same moment', ['dies before', 'dies during', 'fails before', 'fails after'])
everyEffect('an envelope', ['dies before', 'dies during', 'fails before', 'fails after'])
// The longest: the two that leave something half done or done unheard.
everyEffect('more time, suspension and resumption', ['dies during', 'fails after'])
