import { beforeAll, describe, expect, it } from 'vitest'
import { loadParser } from '../../generators/sql/parser.ts'
import { partsOf, withoutBrackets } from '../../generators/sql/predicate-parts.ts'
import { whereClauses } from '../../generators/sql/where-clauses.ts'

beforeAll(loadParser)

describe('partsOf', () => {
  it.each([
    ['a = 1 and b = 2', 'and', ['a = 1', 'b = 2']],
    ['((a = 1) AND (b = 2 or c = 3))', 'and', ['a = 1', 'b = 2 or c = 3']],
    ['a = 1 and b = 2 or c = 3', 'or', ['a = 1 and b = 2', 'c = 3']],
    ['x between 1 and 2 and y', 'and', ['x between 1 and 2', 'y']],
    ["note = 'this and that' and y", 'and', ["note = 'this and that'", 'y']],
    ['a and case when b and c then d else e end and f', 'and', ['a', 'case when b and c then d else e end', 'f']],
    ["tag = any (array['a', 'b']) or é is null", 'or', ["tag = any (array['a', 'b'])", 'é is null']],
  ])('%s', (predicate, operator, parts) => {
    expect(partsOf(predicate)).toEqual({ operator, parts })
  })

  it.each(['a = 1', 'not (a and b)', '(select a and b)', 'x between 1 and 2'])('%s is one part', (predicate) => {
    expect(partsOf(predicate)).toBeNull()
  })

  it('takes away brackets around everything, and no others', () => {
    expect(withoutBrackets(' ((a) or (b)) ')).toBe('(a) or (b)')
    expect(withoutBrackets('(a) or (b)')).toBe('(a) or (b)')
  })
})

describe('whereClauses', () => {
  it('finds those of subqueries and of statements in a with, up to what follows them', () => {
    const sql = "with c as (update t set d = now() where id = $1 and exists (select from o where o.id = t.o) returning 1) select 'where x' from c where true order by 1"
    expect(whereClauses(sql).map(({ predicate }) => predicate)).toEqual(['id = $1 and exists (select from o where o.id = t.o)', 'o.id = t.o', 'true'])
  })

  it('gives places in characters', () => {
    const sql = "select 'é' from t where a = 'ü' limit 1"
    const [clause] = whereClauses(sql)
    expect(sql.slice(clause?.start, clause?.end)).toBe(" a = 'ü'")
  })
})
