/** What an index adds to the insert of a row, by kind: measured once, as data. */

export interface InsertCost {
  microseconds: number
  walBytes: number
}

/** Each with what is measured for it. */
export const figureKinds = {
  btree_uuid: 'btree over one uuid, in no order',
  btree_number: 'btree over one number, in no order',
  btree_time: 'btree over one time, in the order of the rows',
  btree_text: 'btree over one text of 38 characters',
  btree_keys: 'btree over several keys, here number, time and uuid',
  btree_text_key: 'what a text among several keys adds',
  btree_include: 'btree that includes columns, here number and time with two numbers',
  hash: 'hash over a text of 38 characters',
  brin: 'BRIN over a time',
  gin_jsonb_path: 'GIN with jsonb_path_ops',
  gin_jsonb: 'GIN with jsonb_ops',
  gin_array: 'GIN over an array of two texts',
  gin_trigram: 'GIN over the trigrams of 38 characters',
  gist: 'GiST over a range of times',
} as const

export type FigureKind = keyof typeof figureKinds

export interface InsertFigures {
  /** Whose they are: `shipped with trr-db`, `Postgres 17.10, supabase/calibration.yaml`. */
  from: string
  insert: Record<FigureKind, InsertCost>
}

/** What was measured, and what the model makes of it. */
export interface Calibration {
  /** In the table before. */
  rows: number
  insert: InsertFigures['insert']
  /** A row without any index. */
  bare: InsertCost
  /** Seen, and what follows from the figures: the model's own error. */
  checks: { name: string; seen: InsertCost; model: InsertCost }[]
}

export const kindNames = Object.keys(figureKinds) as FigureKind[]

/** Beside `config.toml`: of the repository, whatever its designs are called. */
export const calibrationPath = 'supabase/calibration.yaml'
