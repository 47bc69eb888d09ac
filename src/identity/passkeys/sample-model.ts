/**
 * The mark of the sample's authenticator, which is a program and asks nobody for a finger: `csgn-sample-only` where others
 * say who made them. It is a mark and no proof; whoever would leave it out has to be let in by somebody all the same.
 */
export const sampleModel = '6373676e-2d73-616d-706c-652d6f6e6c79'
