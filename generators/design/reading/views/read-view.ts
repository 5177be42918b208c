import type { ViewSpec } from '../../view-spec.ts'

/** What the two ways of writing a view come to. */
export type ReadView = Pick<ViewSpec, 'table' | 'columns' | 'where' | 'sql' | 'reads'>
