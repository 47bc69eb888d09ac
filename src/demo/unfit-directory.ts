/** The story cannot be played with this directory: an ordinary no to whoever named it, and nothing to report. */
export class UnfitDirectory extends Error {
  override readonly name = 'UnfitDirectory'
}
