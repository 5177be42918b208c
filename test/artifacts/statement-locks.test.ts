import { beforeAll, expect, test } from 'vitest'
import { locksOf } from '../../generators/artifacts/pages/statement-locks.ts'
import { loadParser, splitStatements } from '../../generators/sql/parser.ts'

beforeAll(loadParser)

function locks(sql: string): string[] {
  return splitStatements(sql).flatMap(locksOf).map(({ relation, mode, scans }) => `${relation.schema}.${relation.name} ${mode}${scans ? ', scans' : ''}`)
}

test.each([
  ['create table a.c (id int references a.p, n int)', ['a.c ACCESS EXCLUSIVE', 'a.p SHARE ROW EXCLUSIVE']],
  ['create table a.c (id int, k int, foreign key (k, id) references a.q (k, id))', ['a.c ACCESS EXCLUSIVE', 'a.q SHARE ROW EXCLUSIVE']],
  ['alter table a.c add foreign key (k) references a.p', ['a.c SHARE ROW EXCLUSIVE, scans', 'a.p SHARE ROW EXCLUSIVE']],
  ['alter table a.c add constraint f foreign key (k) references a.p not valid', ['a.c SHARE ROW EXCLUSIVE', 'a.p SHARE ROW EXCLUSIVE']],
  ['alter table a.c validate constraint f', ['a.c SHARE UPDATE EXCLUSIVE, scans']],
  ['alter table a.c add constraint u unique using index u', ['a.c ACCESS EXCLUSIVE']],
  ['alter table a.c add constraint c check (n > 0)', ['a.c ACCESS EXCLUSIVE, scans']],
  ['alter table a.c enable row level security', ['a.c ACCESS EXCLUSIVE']],
  ['create index i on a.c (n)', ['a.c SHARE, scans']],
  ['create index concurrently i on a.c (n)', ['a.c SHARE UPDATE EXCLUSIVE, scans']],
  ['create policy p on a.c using (true)', ['a.c ACCESS EXCLUSIVE']],
  ["comment on column a.c.n is 'x'", ['a.c SHARE UPDATE EXCLUSIVE']],
  ['create trigger t before update on a.c for each row execute function a.f()', ['a.c SHARE ROW EXCLUSIVE']],
  ['alter publication p add table a.c, a.d', ['a.c SHARE UPDATE EXCLUSIVE', 'a.d SHARE UPDATE EXCLUSIVE']],
  ['grant select on a.c to anon', []],
  ["set lock_timeout = '2s'", []],
])('%s', (sql, expected) => expect(locks(sql)).toEqual(expected))
