/** A file that will be written, as text. Paths are relative to the repository's root, with `/`. */
export type FileKind = 'migration' | 'rollback' | 'test' | 'document' | 'spec' | 'lock' | 'schema doc' | 'calibration'

export interface PlannedFile {
  path: string
  text: string
  kind: FileKind
  /** A text on disk that is nobody's edit, beside what the lock knows: it is replaced without a question. */
  replaces?: string
}
